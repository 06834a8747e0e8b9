"""Options of the dkim section."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema

from mailconf.formats.dkim import KeyType
from mailconf.model.base import SELECTOR, Day, Model, Moment, Read, Seconds
from mailconf.model.secret import KeyRef

SelectorName = Annotated[str, Field(pattern=SELECTOR)]


State = Literal["created", "published", "active", "retiring", "revoked", "removed"]
IN_DNS = ("published", "active", "retiring", "revoked")
OLD_WORDS = {"retired": "retiring"}


def _state(value: object) -> object:
    return OLD_WORDS.get(value, value) if isinstance(value, str) else value


class Selector(Model):
    """One DKIM key and its state. `created`: exists; `published`: in DNS, not yet used; `active`: signs; `retiring`: still in DNS for mail in transit; `revoked`: published with empty p=; `removed`: no longer in DNS."""

    state: Annotated[
        State,
        BeforeValidator(_state),
        WithJsonSchema({"enum": [*get_args(State), *OLD_WORDS]}),
    ] = "active"
    since: Moment | None = None
    """When the state began, in the key file."""
    created: Day | None = None
    type: KeyType = "rsa"
    """An Ed25519 key signs besides an RSA key, never alone: not everybody verifies it (RFC 8463)."""
    public_key: str = ""
    """Base64 of the record's p=; `mailconf keys new` writes it into the key file."""
    private_key: Annotated[KeyRef | None, Read(of=("hosted", "send-only"))] = None


Signer = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*$"),
    WithJsonSchema({"anyOf": [{"enum": ["opendkim", "rspamd"]}, {"type": "string"}]}),
]


MAIL_ROLES = ("mx", "submission", "mailstore", "relay", "backup-mx", "send-only")
OF_OURS = Read(at=("domains",), of=("hosted", "send-only"))
"""A provider makes and replaces its keys itself."""


class DkimOptions(Model):
    """DKIM: keys by selector, and which daemon signs."""

    signer: Annotated[Signer, Read(at=("hosts",), roles=MAIL_ROLES)] = "opendkim"
    """A plugin that fills the job signer."""
    selectors: Annotated[
        dict[SelectorName, Selector],
        Read(at=("domains",), of=("hosted", "send-only", "provider")),
    ] = {}
    rotate_after: Annotated[Seconds, OF_OURS] = 365 * 86400
    """How old an active key may become (M3AAWG: 6 to 12 months)."""
    strict: Annotated[bool, OF_OURS] = False
    """Publish t=s: nobody signs for names below the domain (i=) with these keys (RFC 6376 §3.6.1)."""
    keep_retired: Annotated[Seconds, OF_OURS] = 7 * 86400
    """How long keys stay after their last signature: longer than mail waits in queues."""
