"""Tests of mailconf.plugins.rate_limits."""
