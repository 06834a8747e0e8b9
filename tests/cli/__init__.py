"""Tests of mailconf.cli."""
