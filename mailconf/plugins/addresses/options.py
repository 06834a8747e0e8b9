"""Options of the addresses section."""

from mailconf.model.base import Model


class AddressesOptions(Model):
    """Mailboxes and aliases: nothing to choose yet."""
