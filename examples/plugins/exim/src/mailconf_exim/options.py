"""Options of the exim section."""

from typing import Annotated

from pydantic import Field

from mailconf.api import Model


class EximOptions(Model):
    """The MTA of hosts with the roles relay and send-only."""

    message_size: Annotated[int, Field(ge=1024, le=2**31 - 1)] = 52428800
    """The largest message, in octets (message_size_limit)."""
    connections: Annotated[int, Field(ge=10, le=10_000)] = 200
    """The maximum number of incoming connections (smtp_accept_max)."""
