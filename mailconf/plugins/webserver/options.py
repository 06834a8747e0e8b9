"""Options of the webserver section."""

from mailconf.model.base import Model


class WebserverOptions(Model):
    """The web server: derived from what other plugins want served, nothing to choose yet."""
