"""Tests of the srv plugin."""
