"""Options of the mta_sts section."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from mailconf.formats.mta_sts import MAX_AGE, Mode
from mailconf.model.base import Model, Moment, Read, Seconds


class MtaStsOptions(Model):
    """MTA-STS policy of a domain (RFC 8461)."""

    READ: ClassVar = Read(at=("domains",), of=("hosted",))
    mode: Mode = "testing"
    """Start with testing; enforce once reports are clean (RFC 8461 §8)."""
    since: Moment | None = None
    """When the mode began."""
    max_age: Annotated[Seconds, Field(ge=86400, le=MAX_AGE)] = 604_800
    """Seconds that senders remember the policy, or a span such as 14d."""
