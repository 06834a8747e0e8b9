"""Tests of the postfix plugin."""
