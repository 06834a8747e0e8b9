"""Servers that a client is told of, against those that the spec has for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailconf.formats import apple_profile, autodiscover
from mailconf.model.endpoint import Endpoint, Family, Security

ANY = frozenset(Security)
FAMILIES: dict[str, Family] = {"IMAP": "imap", "POP3": "pop3", "SMTP": "smtp"}
"""Of Autodiscover; servers of calendars and of Exchange are nobody's business here."""
ENCRYPTIONS = {"ssl": frozenset({Security.IMPLICIT_TLS}), "tls": ANY, "auto": ANY}
"""Servers disagree on what TLS means: implicit with mox and Stalwart, STARTTLS with automx2."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A server that is announced, and how a client may start TLS there; not at all, if in no way."""

    family: Family
    host: str
    port: int
    ways: frozenset[Security]

    def __str__(self) -> str:
        how = " or ".join(sorted(self.ways)) or "no TLS"
        return f"{self.family} {self.host}:{self.port} with {how}"

    def is_one_of(self, points: Iterable[Endpoint]) -> bool:
        """Tell whether the spec has it; clients try the usual ports where none is named."""
        return any(
            (point.protocol.family, point.host) == (self.family, self.host)
            and self.port in (0, point.port)
            and point.security in self.ways
            for point in points
        )


def by_autodiscover(found: autodiscover.Autodiscover) -> Iterator[Announced]:
    """Yield the mail servers of an answer to Outlook."""
    for one in found.protocols:
        if one.type in FAMILIES:
            otherwise = ANY if one.ssl and not one.encryption else frozenset[Security]()
            ways = ENCRYPTIONS.get(one.encryption.lower(), otherwise)
            yield Announced(FAMILIES[one.type], one.server, one.port, ways)


def by_profile(profile: apple_profile.AppleProfile) -> Iterator[Announced]:
    """Yield the servers of a profile; a device may start TLS later where it need not use it at once."""
    for account in profile.accounts:
        family: Family = "imap" if account.type == "imap" else "pop3"
        for kind, server in ((family, account.incoming), ("smtp", account.outgoing)):
            ways = ANY if server.ssl else frozenset({Security.STARTTLS})
            yield Announced("smtp" if kind == "smtp" else family, server.host, server.port, ways)


def told(points: Iterable[Endpoint]) -> str:
    """Return what the spec has, as people read it."""
    return ", ".join(f"{p.protocol.family} {p.host}:{p.port} with {p.security}" for p in points)
