"""Tests of the panel plugin."""
