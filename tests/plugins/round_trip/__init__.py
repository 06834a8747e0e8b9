"""Tests of the dmarc plugin."""
