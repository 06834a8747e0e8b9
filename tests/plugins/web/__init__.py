"""Tests of the web plugin."""
