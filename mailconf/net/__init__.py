"""Sockets: the only code that opens one."""
