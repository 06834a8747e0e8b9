"""DKIM key records: one TXT per selector, whatever its state (RFC 6376 §3.6.2)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.dkim.keys import KeyTextError, owner, public_key
from mailconf.plugins.dkim.options import DkimOptions


def key_records(view: View[DkimOptions], domain: Domain) -> Iterator[Record]:
    """Yield the record of every key that has a readable public half; lint reports the others."""
    for name, selector in view.options.selectors.items() if domain.sends else ():
        where = ("domains", domain.name, "dkim", "selectors", name)
        try:
            key = public_key(selector)
        except KeyTextError:
            continue
        if key.key:
            yield Record(owner(domain, name), "TXT", str(key), where=where)
