"""Options of the hosts section."""

from mailconf.model.base import Model


class HostsOptions(Model):
    """Addresses and reverse names: nothing to choose yet."""
