"""What the packet filter of a host is to let in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mailconf.model.request import PluginRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPort(PluginRequest):
    """A TCP port that is open to all clients, or only to `sources`: IP addresses and networks."""

    unique: ClassVar[tuple[str, ...] | None] = ("port",)
    port: int
    sources: tuple[str, ...] = ()
    by_mta: bool = False
    """Whether the clients are MTAs of the site's hosts: other local users of any host may not connect."""

    @property
    def subject(self) -> str:
        """The port."""
        return str(self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimit(PluginRequest):
    """The maximum number of connections from one source to a TCP port."""

    port: int
    connections: int

    @property
    def subject(self) -> str:
        """The port."""
        return str(self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailClient(PluginRequest):
    """A local user that may connect to SMTP and LMTP servers on other hosts; other users may not."""

    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalService(PluginRequest):
    """A TCP port on the host that only some of its local users may connect to.

    The MTA and `users` may connect, and root. The service trusts every client: a
    signer signs, LMTP delivers.
    """

    port: int
    users: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The port."""
        return str(self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalServicesGuarded(PluginRequest):
    """The answer to every LocalService of a host: other users cannot connect."""

    is_optional: ClassVar[bool] = True
    unique: ClassVar[tuple[str, ...] | None] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PortGuarded(PluginRequest):
    """The answer to an OpenPort with sources, to the plugin that requested it: the port is guarded."""

    is_optional: ClassVar[bool] = True
    port: int
