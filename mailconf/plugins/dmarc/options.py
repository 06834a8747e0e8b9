"""Options of the dmarc section."""

from __future__ import annotations

from typing import ClassVar, Literal

from mailconf.formats.dmarc import Policy
from mailconf.model.address import ReportAddress
from mailconf.model.base import Model, Moment, Read, Seconds


class DmarcOptions(Model):
    """DMARC policy of a domain (RFC 9989 §4.7)."""

    READ: ClassVar = Read(at=("domains",), of=("hosted", "send-only", "provider"))
    policy: Policy = "reject"
    subdomain_policy: Policy | None = None
    nonexistent_policy: Policy | None = None
    since: Moment | None = None
    """When the policy began; with it, a policy of none that lasts too long is told."""
    observe_for: Seconds = 90 * 86400
    """How long a policy of none is taken for a beginning."""
    alignment: Literal["relaxed", "strict"] = "relaxed"
    reports: tuple[ReportAddress, ...] = ()
    """Where aggregate reports go: URIs such as mailto:dmarc@example.org."""
