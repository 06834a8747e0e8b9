"""Options of the spf section."""

from typing import ClassVar, Literal

from mailconf.model.base import Model, Read


class SpfOptions(Model):
    """SPF: who may send for a domain (RFC 7208)."""

    READ: ClassVar = Read(at=("domains",), of=("hosted", "send-only", "provider"))
    all: Literal["~all", "-all"] = "~all"
    """`-all` may get mail rejected before DKIM and DMARC are looked at (RFC 9989 §7.1)."""
