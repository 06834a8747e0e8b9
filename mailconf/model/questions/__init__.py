"""The questions of checks, with what their answers are made of: one module for each protocol.

A new question is a class here, and a driver in mailconf/net/drivers that answers it from the network. Caches,
recordings, evidence and offline trees need no change.
"""
