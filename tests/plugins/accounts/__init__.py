"""Tests of the accounts plugin."""
