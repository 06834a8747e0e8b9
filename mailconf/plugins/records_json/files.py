"""dns/records.json; `mailconf plan --previous` reads it back to know what was published before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.records_document import RecordsDocument
from mailconf.plugins.records_json.options import RecordsJsonOptions


def records_file(view: View[RecordsJsonOptions]) -> Iterator[Render]:
    """Order the file, if it is wanted."""
    if view.options.enabled:
        path = PurePosixPath("dns", "records.json")
        yield Render(SITE, path, "records.json.j2", RecordsDocument(view.records))
