"""Tests of the policyd_spf plugin."""
