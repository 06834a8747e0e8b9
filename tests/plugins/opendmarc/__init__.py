"""Tests of the opendmarc plugin."""
