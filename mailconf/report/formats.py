"""The report formats by name."""

from __future__ import annotations

from collections.abc import Callable

from mailconf.model.outcome import Report
from mailconf.report import json, junit, markdown, text
from mailconf.report.foreign import in_ascii_json

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text.render,
    "json": json.render,
    "junit": junit.render,
    "markdown": markdown.render,
}
IN_ASCII: dict[Callable[[Report], str], Callable[[str], str]] = {
    json.render: in_ascii_json,
    junit.render: lambda text: text.encode("ascii", "xmlcharrefreplace").decode("ascii"),
}
"""How documents for programs are written to a stream that cannot carry UTF-8."""
