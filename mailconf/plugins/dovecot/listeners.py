"""The login services that Dovecot opens, and those it keeps shut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailconf.model.endpoint import PROTOCOLS, Endpoint, Security


@dataclass(frozen=True, slots=True)
class Inet:
    """One inet_listener; port 0 closes it."""

    name: str
    port: int
    is_implicit_tls: bool


@dataclass(frozen=True, slots=True)
class Login:
    """One login service, imap or pop3, with all its listeners."""

    family: str
    listeners: tuple[Inet, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether any listener has a port."""
        return any(inet.port for inet in self.listeners)


def logins(points: Iterable[Endpoint]) -> tuple[Login, ...]:
    """Return both login services; a listener left out would open on its default port."""
    ports = {point.protocol.name: point.port for point in points}
    return tuple(
        Login(
            family,
            tuple(
                Inet(p.name, ports.get(p.name, 0), p.security is Security.IMPLICIT_TLS)
                for p in PROTOCOLS
                if p.family == family
            ),
        )
        for family in ("imap", "pop3")
    )
