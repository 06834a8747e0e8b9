"""Messages as the Internet has them: what they are, who signs them, which records their domains have."""
