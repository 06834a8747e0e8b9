"""Options of the accounts section."""

from mailconf.model.base import Model


class AccountsOptions(Model):
    """Mailboxes and aliases: nothing to choose yet."""
