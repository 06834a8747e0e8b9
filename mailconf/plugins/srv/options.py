"""Options of the srv section."""

from mailconf.model.base import Model


class SrvOptions(Model):
    """SRV records: derived from the offered protocols, nothing to choose."""
