"""mailconf: one YAML spec in, a proven mail system out."""

__version__ = "0.1.0"
