"""Tests of the access plugin."""
