"""Tests of mailconf.formats."""
