"""Options of the dovecot section."""

from mailconf.model.base import Model


class DovecotOptions(Model):
    """Dovecot: derived from protocols and mailboxes, nothing to choose yet."""
