"""Tests of the texts plugin."""
