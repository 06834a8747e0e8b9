"""Tests of the webserver plugin."""
