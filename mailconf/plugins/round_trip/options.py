"""Options of the round_trip section."""

from __future__ import annotations

from mailconf.model.address import LoginAddress
from mailconf.model.base import Model, Seconds
from mailconf.model.secret import SecretRef


class RoundTripOptions(Model):
    """Mailboxes that `verify --intrusive` logs in to and sends a message through."""

    logins: dict[LoginAddress, SecretRef] = {}
    """Passwords by address; a mailbox made for this is best."""
    within: Seconds = 60
    """How long a message may take from submission to the mailbox."""
