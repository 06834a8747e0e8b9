"""Tests of the tls_certificates plugin."""
