"""The name autoconfig.<domain>."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.autoconfig.config import site
from mailconf.plugins.autoconfig.options import AutoconfigOptions


def name_record(view: View[AutoconfigOptions], domain: Domain) -> Iterator[Record]:
    """Yield the alias to the web host."""
    if domain.is_hosted and view.spec.web:
        target = absolute(view.spec.web.hostname)
        where = ("domains", domain.name, "autoconfig")
        yield Record(absolute(site(domain)), "CNAME", target, where=where)
