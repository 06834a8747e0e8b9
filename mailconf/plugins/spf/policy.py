"""The SPF records we want, derived from the addresses that really send."""

from __future__ import annotations

from typing import Literal

from mailconf.formats.spf import Mechanism, SpfRecord
from mailconf.model.plugin import View
from mailconf.model.spec import Domain
from mailconf.plugins.spf.options import SpfOptions

NOBODY = SpfRecord((Mechanism("-", "all"),))
# The host that says HELO is itself and nobody else (RFC 7208 §10.1.3).
HELO = SpfRecord((Mechanism("+", "a"), Mechanism("-", "all")))


def record_for(view: View[SpfOptions], domain: Domain) -> SpfRecord:
    """Return the record of a domain: every egress address, then the verdict on all others."""
    if not domain.sends:
        return NOBODY
    sign: Literal["~", "-"] = "~" if view.options.all == "~all" else "-"
    egress = sorted(view.spec.egress, key=lambda address: (address.version, address.packed))
    allowed = [Mechanism("+", f"ip{address.version}", str(address)) for address in egress]
    return SpfRecord((*allowed, Mechanism(sign, "all")))
