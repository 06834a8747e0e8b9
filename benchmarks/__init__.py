"""Side-by-side measurements against peers, in one run on one machine. Never part of the tests."""
