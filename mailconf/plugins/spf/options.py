"""Options of the spf section."""

from typing import Literal

from mailconf.model.base import Model


class SpfOptions(Model):
    """SPF: who may send for a domain (RFC 7208)."""

    all: Literal["~all", "-all"] = "~all"
    """`-all` may get mail rejected before DKIM and DMARC are looked at (RFC 9989 §7.1)."""
