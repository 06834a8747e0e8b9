"""Tests of mailconf.report."""
