"""The order of things; knows no plugin by name."""
