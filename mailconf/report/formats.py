"""The report formats by name."""

from __future__ import annotations

from collections.abc import Callable

from mailconf.model.outcome import Report
from mailconf.report import json, junit, markdown, text

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text.render,
    "json": json.render,
    "junit": junit.render,
    "markdown": markdown.render,
}
