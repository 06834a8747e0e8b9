"""The types of requests that built-in plugins take, by who does the work."""
