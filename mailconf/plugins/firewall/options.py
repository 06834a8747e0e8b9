"""Options of the firewall section."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from mailconf.model.base import Model, Read
from mailconf.model.endpoint import SpecNetwork

HIGHEST = 65535
PORTS = re.compile(r"(?:(tcp|udp)/)?([0-9]{1,5})(?:-([0-9]{1,5}))?")
IN_WORDS = (
    "a port such as 22, tcp/22, udp/51820 or tcp/8000-8010, or {port: tcp/22, from: [NETWORK]}"
)
PORTS_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": HIGHEST},
        {"type": "string", "pattern": f"^{PORTS.pattern}$"},
    ]
}
KEPT_SCHEMA: dict[str, Any] = {
    "anyOf": [
        *PORTS_SCHEMA["anyOf"],
        {
            "type": "object",
            "properties": {
                "port": PORTS_SCHEMA,
                "from": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            },
            "required": ["port"],
            "additionalProperties": False,
        },
    ]
}


class Kept(Model):
    """Ports of the operator's own, from `first` to `last`."""

    protocol: Literal["tcp", "udp"]
    first: int
    last: int
    sources: Annotated[tuple[SpecNetwork, ...], Field(alias="from")] = ()
    """Where connections may come from; empty for what `keep_open_to` says."""

    def __str__(self) -> str:
        upto = f"-{self.last}" if self.last > self.first else ""
        return f"{self.protocol}/{self.first}{upto}"


def _kept(value: Any) -> Any:
    if isinstance(value, Kept):
        return value
    body = value if isinstance(value, dict) else {"port": value}
    if "port" not in body or set(body) - {"port", "from"} or body.get("from") == []:
        raise ValueError(IN_WORDS)
    return {**_ports(body["port"]), "from": body.get("from", ())}


def _ports(value: Any) -> dict[str, Any]:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    match = PORTS.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise ValueError(IN_WORDS)
    first = int(match[2])
    last = int(match[3] or first)
    if not 1 <= first <= last <= HIGHEST:
        raise ValueError(f"{IN_WORDS}; ports go from 1 to {HIGHEST}")
    return {"protocol": match[1] or "tcp", "first": first, "last": last}


SpecKept = Annotated[Kept, BeforeValidator(_kept), WithJsonSchema(KEPT_SCHEMA)]


UserName = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_-]{0,31}$")]
"""As useradd(8) takes it."""


MTAS = ("mx", "submission", "mailstore", "relay", "backup-mx", "send-only")


class FirewallOptions(Model):
    """nftables: drops everything except declared ports and keep_open."""

    keep_open: tuple[SpecKept, ...] = Field(default=(22,), validate_default=True)
    """Ports of your own, such as that of SSH."""
    keep_open_to: tuple[SpecNetwork, ...] = ()
    """From where those may be reached; from everywhere when this is empty."""
    smtp_users: Annotated[tuple[UserName, ...], Read(at=("hosts",), roles=MTAS)] = ()
    """Local users besides root and the MTA's that may connect to SMTP servers of others, at port 25."""
