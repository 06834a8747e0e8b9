"""Services that a client can reach: one derivation, used by daemons, records, files and checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Annotated, Literal

from pydantic import BeforeValidator

from mailconf.model.place import Path


def _address(value: object) -> object:
    """Return an address; one with a zone names an interface of one machine (RFC 4007 §11)."""
    try:
        found = ip_address(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("an IPv4 or IPv6 address") from None
    if isinstance(found, int):  # 192.0.2.25 without its dots, or yes
        raise ValueError("an IPv4 or IPv6 address")
    if getattr(found, "scope_id", None):
        raise ValueError("an IPv4 or IPv6 address without a zone (%…)")
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        raise ValueError(f"the IPv4 address {found.ipv4_mapped} as such")
    return found


Address = IPv4Address | IPv6Address
SpecAddress = Annotated[Address, BeforeValidator(_address)]
"""An address as YAML spells it; one error for both families."""


def _network(value: object) -> object:
    try:
        found = ip_network(value) if isinstance(value, str) else value
        if isinstance(found, int):
            raise ValueError
        if getattr(getattr(found, "network_address", None), "scope_id", None):
            raise ValueError
    except ValueError:
        raise ValueError("an IPv4 or IPv6 network such as 192.0.2.0/24, host bits zero") from None
    return found


Network = IPv4Network | IPv6Network
SpecNetwork = Annotated[Network, BeforeValidator(_network)]
"""A network as YAML spells it; a single address is one too."""
ProtocolName = Literal[
    "smtp", "submissions", "submission", "imaps", "imap", "pop3s", "pop3", "managesieve"
]
Family = Literal["smtp", "imap", "pop3", "sieve"]


class Security(StrEnum):
    """How TLS starts; cleartext logins are never offered."""

    IMPLICIT_TLS = "implicit TLS"
    STARTTLS = "STARTTLS"


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is fixed about a protocol: its language, IANA port, TLS start and SRV label."""

    name: ProtocolName
    family: Family
    port: int
    security: Security
    offered: bool
    """Offered by a host whose spec says nothing."""

    @property
    def label(self) -> str:
        """The service name in SRV records (RFC 6186, RFC 8314 §5.1, RFC 5804 §1.8)."""
        return "sieve" if self.name == "managesieve" else self.name

    @property
    def is_submission(self) -> bool:
        """Tell whether users send mail here (RFC 6409), as opposed to servers."""
        return self.name in ("submission", "submissions")


PROTOCOLS: tuple[Protocol, ...] = (
    Protocol("smtp", "smtp", 25, Security.STARTTLS, offered=True),
    # RFC 8314 §3.3 prefers implicit TLS, so it stands before STARTTLS everywhere.
    Protocol("submissions", "smtp", 465, Security.IMPLICIT_TLS, offered=True),
    Protocol("submission", "smtp", 587, Security.STARTTLS, offered=True),
    Protocol("imaps", "imap", 993, Security.IMPLICIT_TLS, offered=True),
    Protocol("imap", "imap", 143, Security.STARTTLS, offered=False),
    Protocol("pop3s", "pop3", 995, Security.IMPLICIT_TLS, offered=False),
    Protocol("pop3", "pop3", 110, Security.STARTTLS, offered=False),
    Protocol("managesieve", "sieve", 4190, Security.STARTTLS, offered=False),
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One listening service of one host."""

    protocol: Protocol
    host: str
    """The host's DNS name, dotless A-labels."""
    addresses: tuple[Address, ...]
    port: int
    where: Path
    proxies: tuple[Address, ...] = ()
    """The load balancers in front, when only they may connect (PROXY protocol)."""

    @property
    def security(self) -> Security:
        """How TLS starts here."""
        return self.protocol.security

    def __str__(self) -> str:
        return f"{self.protocol.name}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class EndpointAddress:
    """An endpoint at one of its addresses: what a probe can connect to."""

    endpoint: Endpoint
    address: Address

    def __str__(self) -> str:
        return f"{self.endpoint} [{self.address}]"
