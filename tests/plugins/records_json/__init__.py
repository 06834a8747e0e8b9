"""Tests of the records_json plugin."""
