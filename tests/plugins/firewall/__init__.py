"""Tests of the firewall plugin."""
