"""Tests of the dovecot plugin."""
