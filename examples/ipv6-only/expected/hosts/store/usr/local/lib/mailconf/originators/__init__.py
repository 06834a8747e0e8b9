"""A milter that checks the originator fields of a message (RFC 5322 §3.6.2) against its sender."""
