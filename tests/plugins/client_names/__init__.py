"""Tests of the client_names plugin."""
