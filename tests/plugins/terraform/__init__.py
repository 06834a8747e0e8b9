"""Tests of the terraform plugin."""
