"""Tests of mailconf.engine."""
