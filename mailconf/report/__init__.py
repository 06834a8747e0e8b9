"""Wording and file formats of reports, one module per format."""
