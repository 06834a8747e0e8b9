"""Options of the access section."""

from mailconf.model.base import Model


class AccessOptions(Model):
    """IMAP, POP3 and ManageSieve: what every server must keep; nothing to choose."""
