"""Which daemons of a host listen where: two cannot have one port."""

from __future__ import annotations

from dataclasses import dataclass

from mailconf.model.request import PluginRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener(PluginRequest):
    """A TCP port at which `service` listens: at every address of the host, or at `address` alone.

    Listeners of mail protocols follow from the spec; nobody requests them.
    """

    port: int
    service: str
    address: str = ""

    @property
    def subject(self) -> str:
        """The port."""
        return str(self.port)
