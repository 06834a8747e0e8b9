"""Options of the dane section."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from mailconf.model.base import Model, Moment, Read

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", to_lower=True)]
"""SHA-256 of a public key (SubjectPublicKeyInfo), 64 hexadecimal digits."""


class Key(Model):
    """A TLS key: `current` is in use, `next` waits in DNS for its certificate, `past` was in use."""

    sha256: Digest
    state: Literal["current", "next", "past"] = "current"
    since: Moment | None = None
    """When the state began, in the key file."""


def _key(value: Any) -> Any:
    return {"sha256": value} if isinstance(value, str) else value


HEX = {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"}
KEY_SCHEMA = {
    "anyOf": [
        HEX,
        {
            "type": "object",
            "properties": {
                "sha256": HEX,
                "state": {"enum": ["current", "next", "past"]},
                "since": {"type": "string"},
            },
            "required": ["sha256"],
            "additionalProperties": False,
        },
    ]
}


class DaneOptions(Model):
    """DANE for SMTP; the zones of hosts and domains must be signed with DNSSEC."""

    READ: ClassVar = Read(at=("hosts",), roles=("mx", "backup-mx"))

    keys: tuple[Annotated[Key, BeforeValidator(_key), WithJsonSchema(KEY_SCHEMA)], ...] = ()
    """Under a host: the key in use and the next one, as `mailconf keys tls` writes them."""

    @property
    def digests(self) -> tuple[str, ...]:
        """What TLSA records name: every key, whatever its state."""
        return tuple(key.sha256 for key in self.keys)
