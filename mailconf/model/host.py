"""A machine as the operator describes it, and the roles it can have."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema, field_validator

from mailconf.model.address import HostSenderAddress, WholeAddress
from mailconf.model.base import AbsolutePath, HostName, Model, Read
from mailconf.model.endpoint import PROTOCOLS, Protocol, ProtocolName, SpecAddress
from mailconf.model.target import DEFAULT, SpecTarget

Once = TypeVar("Once")
Role = Literal["mx", "submission", "mailstore", "relay", "web", "backup-mx", "send-only"]
EVERYTHING: tuple[Role, ...] = ("mx", "submission", "mailstore", "web")
# Which role a host must have to offer a protocol of a family; submission is a use of SMTP.
OFFERED_BY: dict[str, Role] = {
    "smtp": "mx",
    "submission": "submission",
    "imap": "mailstore",
    "pop3": "mailstore",
    "sieve": "mailstore",
}
JobName = Literal["mta", "access", "web", "signer"]
"""What roles need done on a machine, by whichever plugin fills the job."""
EXCLUSIVE: tuple[JobName, ...] = ("mta", "access", "web")
"""Jobs that one plugin does at a time on a host; for `signer` the dkim plugin chooses among several."""
OTHER = "other"
"""Who does a job that mailconf configures no program for."""
Jobs = dict[JobName, Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]]
"""Who does a job: a plugin that fills it, or OTHER."""
KEY = "<key>"
"""How the parser hands a host its own key: no operator would spell a key like that."""


class Tls(Model):
    """Paths of the host's certificate and private key, on that host."""

    certificate: AbsolutePath
    private_key: AbsolutePath


class Service(Model):
    """A protocol as offered: on which port, and behind which proxies."""

    port: Annotated[int, Field(ge=1, le=65535)]
    proxies: tuple[SpecAddress, ...] = ()
    """Load balancers that speak the PROXY protocol to this port; nobody else may then connect."""


def _off(value: Any) -> Any:
    """Read `off`: None inside means that the protocol is closed."""
    if value == "off":
        return None
    if not isinstance(value, dict | Service):
        raise ValueError("on or {port: NUMBER} to offer the protocol, or off to close it")
    return value


OFFER_SCHEMA = {
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "port": {"type": "integer", "minimum": 1, "maximum": 65535},
                "proxies": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["port"],
            "additionalProperties": False,
        },
        {"enum": ["on", "off"]},
    ]
}
Offer = Annotated[Service | None, BeforeValidator(_off), WithJsonSchema(OFFER_SCHEMA)]


def _on(value: Any) -> Any:
    """Read `on`: the protocol at its usual port."""
    if not isinstance(value, dict):
        return value
    usual = {protocol.name: {"port": protocol.port} for protocol in PROTOCOLS}
    return {
        name: usual.get(name, offer) if offer == "on" else offer for name, offer in value.items()
    }


Offers = Annotated[dict[ProtocolName, Offer], BeforeValidator(_on)]


SERVING = Read(roles=("mx", "submission", "mailstore", "relay", "web", "backup-mx"))
"""Whoever else connects to a host sees its certificate."""
SENDING = Read(roles=("mx", "submission", "mailstore", "relay", "backup-mx", "send-only"))
"""Programs write to local users where an MTA runs."""


class Host(Model):
    """A machine that runs mail services."""

    key: str = Field(default="", alias=KEY, exclude=True)
    hostname: HostName
    addresses: tuple[SpecAddress, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = Field(default=EVERYTHING, min_length=1)
    """What the machine does; without it everything but relaying for other hosts."""
    target: SpecTarget = DEFAULT
    protocols: Offers = {}
    """Merged over the spec's own `protocols`, for this host alone."""
    send_as: Annotated[tuple[HostSenderAddress, ...], SENDING] = ()
    """What programs on the machine may send as, besides names of its own: an address, or `@domain`."""
    system_mail: Annotated[WholeAddress | None, SENDING] = None
    """Who gets this machine's own mail, where it is not the site's `system_mail`."""
    jobs: Jobs = {}
    """Merged over the spec's own `jobs`, for this host alone."""
    own_tls: Annotated[Tls | None, SERVING] = Field(default=None, alias="tls")

    def __str__(self) -> str:
        return self.hostname

    @field_validator("roles", "addresses")
    @classmethod
    def _each_once(cls, value: tuple[Once, ...]) -> tuple[Once, ...]:
        return tuple(dict.fromkeys(value))

    def is_(self, *roles: Role) -> bool:
        """Tell whether the machine has one of these roles."""
        return any(role in self.roles for role in roles)

    @property
    def is_mta(self) -> bool:
        """Tell whether mail passes through here: every role but `web` handles some."""
        return self.roles != ("web",)

    @property
    def only_sends(self) -> bool:
        """Tell whether nobody but its own programs sends from here: it has no users, and relays nothing."""
        return set(self.roles) <= {"send-only", "web"}

    @property
    def families(self) -> frozenset[int]:
        """The IP versions that the machine has addresses of."""
        return frozenset(address.version for address in self.addresses)

    def offers(self, protocol: Protocol) -> bool:
        """Tell whether the machine's roles include this protocol's."""
        use = "submission" if protocol.is_submission else protocol.family
        return self.is_(OFFERED_BY[use]) or (use == "smtp" and self.is_("backup-mx"))

    @property
    def tls(self) -> Tls:
        """The certificate, by default where certbot puts it."""
        live = f"/etc/letsencrypt/live/{self.hostname}"
        ours = Tls(certificate=f"{live}/fullchain.pem", private_key=f"{live}/privkey.pem")
        return self.own_tls or ours
