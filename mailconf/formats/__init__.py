"""RFC and daemon syntax as values: str() writes, parse() reads; nothing of mailconf in here."""
