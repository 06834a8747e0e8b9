"""Options of the firewall section."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mailconf.model.base import Model
from mailconf.model.endpoint import SpecNetwork

PortNumber = Annotated[int, Field(ge=1, le=65535)]


class FirewallOptions(Model):
    """nftables: everything that is not offered is dropped, but for what you keep open."""

    keep_open: tuple[PortNumber, ...] = (22,)
    """TCP ports of your own, such as that of SSH."""
    keep_open_to: tuple[SpecNetwork, ...] = ()
    """From where those may be reached; from everywhere when this is empty."""
