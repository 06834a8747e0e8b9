"""Tests of the rspamd plugin."""
