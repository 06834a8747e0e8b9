"""The arguments of each command, a module each; what it needs is imported when it runs."""
