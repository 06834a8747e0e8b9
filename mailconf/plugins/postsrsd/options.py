"""Options of the postsrsd section."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mailconf.model.base import HostName, Model
from mailconf.model.secret import SecretRef

PortNumber = Annotated[int, Field(ge=1, le=65535)]


class PostsrsdOptions(Model):
    """PostSRSd on the hosts that forward mail; switched on by naming a domain."""

    domain: HostName | None = None
    """A domain of ours in whose name forwarded mail leaves; bounces come back to its MX."""
    secret: SecretRef | None = None
    """The same on every host: what one has rewritten another must be able to read."""
    forward_port: PortNumber = 10001
    reverse_port: PortNumber = 10002
