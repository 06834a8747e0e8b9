"""How the records are published: for how long they may be cached, and in which zones they stand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mailconf.model.base import DomainName, Model, Seconds

Kind = Literal[
    "a", "aaaa", "bimi", "caa", "cname", "dkim", "dmarc", "mta_sts",
    "mx", "ptr", "spf", "srv", "tls_rpt", "tlsa", "txt",
]  # fmt: skip
"""What a record is for: its type, or the policy that a TXT record holds."""
MAX_TTL = 2**31 - 1
Ttl = Annotated[Seconds, Field(le=MAX_TTL)]
"""How long a record may be cached, in seconds (RFC 2181 §8)."""


class Dns(Model):
    """DNS settings for all records."""

    ttl: Ttl = 3600
    ttls: dict[Kind, Ttl] = {}
    """By kind, where it differs from `ttl`."""
    zones: tuple[DomainName, ...] = ()
    """The zones that you publish, where they are not simply the domains; reverse zones too."""

    def ttl_of(self, kind: Kind) -> int:
        """Return how many seconds records of a kind may be cached."""
        return self.ttls.get(kind, self.ttl)
