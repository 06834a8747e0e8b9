"""Options of the round_trip section."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mailconf.model.base import Model, Seconds
from mailconf.model.secret import SecretRef

# What goes into commands as it is: no spaces, quotes or angle brackets (RFC 5321 §4.1.2, Dot-string).
LOGIN = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+$"


class RoundTripOptions(Model):
    """Mailboxes that `verify --intrusive` logs in to and sends a message through."""

    logins: dict[Annotated[str, Field(pattern=LOGIN)], SecretRef] = {}
    """Passwords by address; a mailbox made for this is best."""
    within: Seconds = 60
    """How long a message may take from submission to the mailbox."""
