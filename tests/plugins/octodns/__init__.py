"""Tests of the octodns plugin."""
