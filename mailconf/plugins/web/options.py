"""Options of the web section."""

from mailconf.model.base import Model


class WebOptions(Model):
    """Pages that must be served, whichever web server runs; nothing to choose."""
