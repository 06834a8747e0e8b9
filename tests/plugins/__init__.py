"""Tests of mailconf.plugins."""
