"""One step in the life of a key or a policy: what comes next, when it may, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mailconf.formats.dkim import KeyType
from mailconf.model.finding import Finding
from mailconf.model.place import Path

Tree = Mapping[str, Any]
NOW = "<now>"
"""Stands in an edit for the moment at which the step is taken."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made for a domain."""

    domain: str
    kind: KeyType


@dataclass(frozen=True, slots=True)
class Step:
    """What may happen next to a `subject`, such as `example.org DKIM rsa`.

    `state` says how things are, `next` what the step does, `after` what the operator has to do then.
    The step is safe from `earliest` on, at any time when that is None; before, `early` is the finding
    that says so. From `due` on it should not wait any longer, and `late` says so. `edit` is laid over
    the key file; `key` is to be made. A step that begins something anew is taken when it is due or
    asked for.
    """

    subject: str
    state: str
    next: str
    where: Path
    after: str = ""
    edit: Tree | None = None
    key: NewKey | None = None
    earliest: datetime | None = None
    early: Finding | None = None
    due: datetime | None = None
    late: Finding | None = None
    begins: bool = False

    @property
    def dated(self) -> datetime | None:
        """The moment from which on the step is safe, where it is known."""
        is_known = self.earliest is not None and self.earliest.year != datetime.max.year
        return self.earliest if is_known else None

    @property
    def says_when(self) -> str:
        """From when on the step is safe, in words."""
        if self.earliest is None:
            return "at any time"
        return f"not before {said(self.earliest)}" if self.dated else "earliest time unknown"

    def is_safe(self, now: datetime) -> bool:
        """Tell whether the step may be taken."""
        return self.earliest is None or now >= self.earliest

    def is_late(self, now: datetime) -> bool:
        """Tell whether the step should have been taken."""
        return self.due is not None and now >= self.due


def said(when: datetime | None) -> str:
    """Write a moment for people, in UTC; one that nobody knows, too."""
    if when is None or when.year == datetime.max.year:
        return "an unknown time"
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def stamped(edit: Tree, now: datetime) -> dict[str, Any]:
    """Return an edit with the moment at which it is made."""
    return {key: _stamped(value, now) for key, value in edit.items()}


def _stamped(value: Any, now: datetime) -> Any:
    if isinstance(value, Mapping):
        return stamped(value, now)
    if isinstance(value, list):
        return [_stamped(item, now) for item in value]
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if value == NOW else value
