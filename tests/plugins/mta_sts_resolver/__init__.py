"""Tests of mailconf.plugins.mta_sts_resolver."""
