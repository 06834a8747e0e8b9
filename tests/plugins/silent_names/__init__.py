"""Tests of the silent_names plugin."""
