"""Servers that misbehave on purpose, in this process and on the loopback interface."""
