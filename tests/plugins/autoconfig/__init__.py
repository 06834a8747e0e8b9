"""Tests of the autoconfig plugin."""
