"""Tests of the nsupdate plugin."""
