"""Tests of mailconf.model."""
