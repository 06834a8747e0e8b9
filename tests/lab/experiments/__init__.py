"""What is tried with mail in a booted lab; each returns what it saw."""
