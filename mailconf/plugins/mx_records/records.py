"""MX records (RFC 5321 §5.1, RFC 7505)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.mx_records.options import MxOptions

NULL_MX = "0 ."


def mx_records(view: View[MxOptions], domain: Domain) -> Iterator[Record]:
    """Yield a domain's MX set.

    A domain that only sends has the one that its `mx` gives: receivers reject senders whose domain
    has neither MX nor address, and a null MX says that it sends nothing (RFC 7505 §4.2).
    """
    name, where = absolute(domain.name), ("domains", domain.name)
    if domain.mail == "none":
        yield Record(name, "MX", NULL_MX, where=(*where, "mail"))
    elif domain.provider:
        preference, target = domain.provider.mx(domain.name)
        value = f"{preference} {absolute(target)}"
        yield Record(name, "MX", value, where=(*where, "provider"))
    for preference, host in view.spec.mx_of(domain) or view.spec.returns_of(domain):
        yield Record(name, "MX", f"{preference} {absolute(host.hostname)}", where=(*where, "mx"))
