"""Tests of the bimi plugin."""
