"""TXT records that mean nothing to mail."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.texts.options import TextsOptions


def text_records(view: View[TextsOptions], domain: Domain) -> Iterator[Record]:
    """Yield each text at the domain's own name."""
    for number, text in enumerate(view.for_domain(domain).values):
        where = ("domains", domain.name, "texts", "values", number)
        yield Record(absolute(domain.name), "TXT", text, where=where)
