"""Tests of the dkim plugin."""
