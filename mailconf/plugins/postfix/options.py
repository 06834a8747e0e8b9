"""Options of the postfix section."""

from typing import Annotated

from pydantic import Field

from mailconf.model.base import Model, Octets


class PostfixOptions(Model):
    """Postfix as the MTA of every host."""

    message_size: Annotated[Octets, Field(ge=1_000_000)] = 52_428_800
    """Largest message accepted, in octets or as 50M (postconf(5) message_size_limit)."""
