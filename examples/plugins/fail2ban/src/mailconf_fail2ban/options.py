"""Options of the fail2ban section."""

from mailconf.api import Model


class Fail2banOptions(Model):
    """When an address is blocked, and for how long (jail.conf(5))."""

    retries: int = 20
    """Failed logins within `find_seconds` that block an address."""
    find_seconds: int = 600
    ban_seconds: int = 3600
    trusted: tuple[str, ...] = ()
    """Addresses and networks that are never blocked."""
