"""Tests of the mx_records plugin."""
