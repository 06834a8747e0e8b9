"""The operator's YAML, as types; only queries, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator

from mailconf.model.base import (
    ALIAS_TARGET,
    AbsolutePath,
    HostKey,
    HostName,
    LocalPart,
    Model,
    Octets,
)
from mailconf.model.endpoint import (
    PROTOCOLS,
    Address,
    Endpoint,
    Protocol,
    ProtocolName,
    SpecAddress,
)
from mailconf.model.secret import SecretRef

Target = Literal["debian-12"]
USUAL_PREFERENCE = 10
KEY, NAME = "<key>", "<name>"
"""How the parser hands a host or domain its own key: no operator would spell a key like that."""


class Tls(Model):
    """Where the certificate of a host lies, on that host."""

    certificate: AbsolutePath
    private_key: AbsolutePath


class Host(Model):
    """A machine that runs mail services."""

    key: str = Field(default="", alias=KEY, exclude=True)
    hostname: HostName
    addresses: tuple[SpecAddress, ...] = Field(min_length=1)
    target: Target = "debian-12"
    own_tls: Tls | None = Field(default=None, alias="tls")

    def __str__(self) -> str:
        return self.hostname

    @property
    def tls(self) -> Tls:
        """The certificate, by default where certbot puts it."""
        live = f"/etc/letsencrypt/live/{self.hostname}"
        ours = Tls(certificate=f"{live}/fullchain.pem", private_key=f"{live}/privkey.pem")
        return self.own_tls or ours


class Service(Model):
    """A protocol as offered: on which port."""

    port: Annotated[int, Field(ge=1, le=65535)]


class Mailbox(Model):
    """An account that receives mail and can log in when it has a password."""

    password: SecretRef | None = None
    quota: Octets | None = None


def _off(value: Any) -> Any:
    """Read `off`: None inside means that the protocol is closed."""
    if value == "off":
        return None
    if not isinstance(value, dict | Service):
        raise ValueError("{port: NUMBER} to offer the protocol, or off to close it")
    return value


OFFER_SCHEMA = {
    "anyOf": [
        {
            "type": "object",
            "properties": {"port": {"type": "integer", "minimum": 1, "maximum": 65535}},
            "required": ["port"],
            "additionalProperties": False,
        },
        {"const": "off"},
    ]
}
Offer = Annotated[Service | None, BeforeValidator(_off), WithJsonSchema(OFFER_SCHEMA)]


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


TARGETS_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
Targets = Annotated[
    tuple[Annotated[str, Field(pattern=ALIAS_TARGET)], ...],
    BeforeValidator(_one_or_many),
    Field(min_length=1),
    WithJsonSchema(TARGETS_SCHEMA),
]


class Domain(Model):
    """A domain whose mail or DNS is ours."""

    name: str = Field(default="", alias=NAME, exclude=True)
    mail: Literal["hosted", "send-only", "none"] = "hosted"
    mx: dict[HostKey, Annotated[int, Field(ge=0, le=65535)]] = {}
    """Preference by host key; without it every host accepts mail, with equal preference."""
    mailboxes: dict[LocalPart, Mailbox] = {}
    aliases: dict[LocalPart, Targets] = {}

    def __str__(self) -> str:
        return self.name

    @field_validator("mailboxes", "aliases", mode="before")
    @classmethod
    def _lower_keys(cls, value: Any) -> Any:
        """Local parts are matched without case by every daemon we render."""
        return {str(k).lower(): v for k, v in value.items()} if isinstance(value, dict) else value

    @property
    def is_hosted(self) -> bool:
        """Tell whether the domain receives mail here."""
        return self.mail == "hosted"

    @property
    def sends(self) -> bool:
        """Tell whether mail may come from the domain."""
        return self.mail != "none"

    def address(self, local: str) -> str:
        """Return `local` as a full address here; an address keeps its local part as it is spelled.

        Only the receiving side may say that case does not matter (RFC 5321 §2.4).
        """
        user, at, domain = local.rpartition("@")
        return f"{user}@{domain.lower()}" if at else f"{local.lower()}@{self.name}"

    def knows(self, local: str) -> bool:
        """Tell whether mail to `local` is delivered somewhere."""
        return local in self.mailboxes or local in self.aliases


class Waiver(Model):
    """A finding that the operator accepts, with the reason and perhaps until when."""

    code: str
    where: str = ""
    reason: str = Field(min_length=1)
    until: date | None = None


class Spec(Model):
    """The whole site."""

    version: Literal[1]
    hosts: dict[HostKey, Host] = Field(min_length=1)
    domains: dict[str, Domain] = Field(min_length=1)
    protocols: dict[ProtocolName, Offer] = {}
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every offered service of every host, implicit TLS before STARTTLS."""
        return tuple(
            Endpoint(
                protocol, host.hostname, host.addresses, port, _asked_for(self, protocol, host)
            )
            for host in self.hosts.values()
            for protocol, port in self.offered
        )

    @cached_property
    def offered(self) -> tuple[tuple[Protocol, int], ...]:
        """The protocols that every host offers, with their ports."""
        return tuple(_offered(self.protocols))

    def endpoints_of(self, host: Host) -> tuple[Endpoint, ...]:
        """Return the services of one host."""
        return tuple(point for point in self.endpoints if point.host == host.hostname)

    @property
    def hosted(self) -> tuple[Domain, ...]:
        """The domains that receive mail here."""
        return tuple(domain for domain in self.domains.values() if domain.is_hosted)

    def mx_of(self, domain: Domain) -> tuple[tuple[int, Host], ...]:
        """Return preference and host of those that accept mail for `domain`, best first."""
        if not domain.is_hosted:
            return ()
        wanted = domain.mx or dict.fromkeys(self.hosts, USUAL_PREFERENCE)
        known = ((number, self.hosts[key]) for key, number in wanted.items() if key in self.hosts)
        return tuple(sorted(known, key=lambda pair: (pair[0], pair[1].hostname)))

    @property
    def web(self) -> Host:
        """The host that serves client configuration and policies."""
        return next(iter(self.hosts.values()))

    @property
    def egress(self) -> tuple[Address, ...]:
        """Every address that mail of ours may come from."""
        return tuple(address for host in self.hosts.values() for address in host.addresses)


def _offered(protocols: dict[ProtocolName, Service | None]) -> Iterator[tuple[Protocol, int]]:
    for protocol in PROTOCOLS:
        usual = Service(port=protocol.port) if protocol.offered else None
        service = protocols.get(protocol.name, usual)
        if service:
            yield protocol, service.port


def _asked_for(spec: Spec, protocol: Protocol, host: Host) -> tuple[str, ...]:
    named = protocol.name in spec.protocols
    return ("protocols", protocol.name) if named else ("hosts", host.key)
