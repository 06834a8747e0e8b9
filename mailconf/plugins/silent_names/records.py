"""The bundle of a name without mail: null MX, an SPF record that names nobody, DMARC reject."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.dmarc import DmarcRecord
from mailconf.formats.names import absolute
from mailconf.formats.spf import Mechanism, SpfRecord
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.silent_names.options import SilentNamesOptions

NULL_MX = "0 ."
NOBODY = SpfRecord((Mechanism("-", "all"),))
REJECT = DmarcRecord("reject", adkim="s", aspf="s")


def silence(view: View[SilentNamesOptions], domain: Domain) -> Iterator[Record]:
    """Yield three records for every name; DMARC is not left to the domain, whose policy may be mild."""
    for number, label in enumerate(view.for_domain(domain).names):
        is_full = label == domain.name or label.endswith(f".{domain.name}")
        name = absolute(label if is_full else f"{label}.{domain.name}")
        where = ("domains", domain.name, "silent_names", "names", number)
        yield Record(name, "MX", NULL_MX, where=where)
        yield Record(name, "TXT", str(NOBODY), where=where)
        yield Record(f"_dmarc.{name}", "TXT", str(REJECT), where=where)
