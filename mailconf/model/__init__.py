"""mailconf's nouns; no I/O."""
