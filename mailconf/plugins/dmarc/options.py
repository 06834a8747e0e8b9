"""Options of the dmarc section."""

from __future__ import annotations

from typing import Literal

from mailconf.formats.dmarc import Policy
from mailconf.model.base import Model


class DmarcOptions(Model):
    """DMARC policy of a domain (RFC 9989 §4.7)."""

    policy: Policy = "reject"
    subdomain_policy: Policy | None = None
    nonexistent_policy: Policy | None = None
    alignment: Literal["relaxed", "strict"] = "relaxed"
    reports: tuple[str, ...] = ()
    """Where aggregate reports go: URIs such as mailto:dmarc@example.org."""
