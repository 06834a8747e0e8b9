"""Tests of the opendkim plugin."""
