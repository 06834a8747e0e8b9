"""Tests of the spf plugin."""
