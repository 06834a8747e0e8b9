"""Tests of the smtp plugin."""
