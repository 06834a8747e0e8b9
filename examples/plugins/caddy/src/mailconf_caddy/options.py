"""Options of the caddy section."""

from mailconf.api import Model


class CaddyOptions(Model):
    """The web server; the pages that it serves are those that other plugins request."""

    connections: int = 200
    """The maximum number of connections from one address to each port."""
