"""Tests of mailconf.lab."""
