"""Tests of the dnscontrol plugin."""
