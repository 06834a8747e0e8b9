"""Tests of the mta_sts plugin."""
