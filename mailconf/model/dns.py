"""How the records are published: for how long they may be cached, and in which zones they stand."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticKnownError

from mailconf.model.base import DomainName, Model, Seconds
from mailconf.model.record_kind import RECORD_KINDS, RecordKinds

MAX_TTL = 2**31 - 1
Ttl = Annotated[Seconds, Field(le=MAX_TTL)]
"""How long a record may be cached, in seconds (RFC 2181 §8)."""


def _known(kind: str, info: ValidationInfo) -> str:
    kinds: RecordKinds | None = (info.context or {}).get(RECORD_KINDS)
    if not kinds or kind in kinds.names:
        return kind
    *others, last = map(repr, kinds.names)
    raise PydanticKnownError("literal_error", {"expected": f"{', '.join(others)} or {last}"})


KindName = Annotated[str, AfterValidator(_known), Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Dns(Model):
    """DNS settings for all records."""

    ttl: Ttl = 3600
    ttls: dict[KindName, Ttl] = {}
    """By the name of a kind of records, where it differs from `ttl`."""
    zones: tuple[DomainName, ...] = ()
    """The zones that you publish, where they are not simply the domains; reverse zones too."""

    def ttl_of(self, kind: str) -> int:
        """Return how many seconds records of a kind may be cached."""
        return self.ttls.get(kind, self.ttl)
