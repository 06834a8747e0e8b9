"""Tests: they mirror mailconf/ one to one."""
