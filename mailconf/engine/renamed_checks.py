"""Former ids of checks, which --only and --skip accept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mailconf.model.plugin import Plugin


def former_ids(plugins: Iterable[Plugin[Any]]) -> dict[str, str]:
    """Return the current id of each former one, and the family of each former family."""
    checks = tuple(check for plugin in plugins for check in plugin.checks)
    ids = {former: check.id for check in checks for former in check.former}
    families = {_family(check.id) for check in checks}
    renamed = {_family(old): _family(new) for old, new in ids.items()}
    gone = {old: new for old, new in renamed.items() if old not in families}
    return ids | gone | {f"{old}.*": f"{new}.*" for old, new in gone.items()}


def _family(check: str) -> str:
    return check.partition(".")[0]


def current(patterns: Iterable[str], former: Mapping[str, str]) -> Iterator[str]:
    """Yield patterns with former ids and families replaced."""
    return (former.get(pattern, pattern) for pattern in patterns)
