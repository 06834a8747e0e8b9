"""Kinds of records: what a set of records is for, and how two spellings of it compare."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, get_args

from mailconf.model.world import World

RecordType = Literal["A", "AAAA", "CAA", "CNAME", "MX", "PTR", "SRV", "TLSA", "TXT"]
RECORD_KINDS = "record kinds"
"""In the context of a validation: the RecordKinds of the spec's plugins."""
RECORD_TYPES: tuple[RecordType, ...] = get_args(RecordType)


def _words(value: str) -> Hashable:
    """Compare names and numbers in presentation form: case and spaces do not matter."""
    return " ".join(value.lower().split())


async def _always(_name: str, _value: str, _world: World) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What records of a type are for, or those TXT records that hold a policy; its plugin brings it.

    A TXT record is of the kind whose `tag` its text starts with, without regard to case, or below
    whose `label` its name is (RFC 6376 §3.6.1: a key needs no tag).
    """

    name: str
    """In `dns: {ttls}` and records.json."""
    type: RecordType = "TXT"
    tag: str = ""
    """Such as `v=spf1`; empty for all records of a type other than TXT."""
    label: str = ""
    """Such as `_domainkey`."""
    parse: Callable[[str], Hashable] = _words
    """Return what a value means; raises ValueError for one that is only its own text."""
    harm: str = ""
    """What happens to mail when a published record goes; empty where mail does not depend on it."""
    is_used: Callable[[str, str, World], Awaitable[bool]] = _always
    """Tell whether mail depends on a published record, from its name and value; raises Inconclusive."""

    def holds(self, name: str, value: str) -> bool:
        """Tell whether a TXT record is of this kind."""
        if self.label and f".{self.label}." in name:
            return True
        return bool(self.tag) and value[: len(self.tag)].lower() == self.tag.lower()

    def meaning(self, value: str) -> Hashable:
        """Return what a value means, or the value where it does not parse."""
        try:
            return self.parse(value)
        except ValueError:
            return value


TEXT = RecordKind("txt", parse=lambda value: value)
"""Any other TXT record."""
TYPES: dict[RecordType, RecordKind] = {
    **{one: RecordKind(one.lower(), one) for one in RECORD_TYPES},
    "A": RecordKind("a", "A", parse=ip_address),
    "AAAA": RecordKind("aaaa", "AAAA", parse=ip_address),
    "TXT": TEXT,
}


class RecordKinds:
    """The kinds that plugins bring, and one for every other type of records."""

    def __init__(self, brought: Iterable[RecordKind] = ()) -> None:
        kinds = tuple(brought)
        self._policies = tuple(kind for kind in kinds if kind.tag or kind.label)
        self._types = TYPES | {kind.type: kind for kind in kinds if not (kind.tag or kind.label)}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all kinds, sorted."""
        return tuple(sorted(kind.name for kind in (*self._types.values(), *self._policies)))

    def is_policy(self, text: str) -> bool:
        """Tell whether a text is a policy record, wherever it stands."""
        return policy_of(self._policies, "", text) is not None

    def of(self, name: str, rtype: RecordType, value: str) -> RecordKind:
        """Return the kind of a record."""
        if rtype != "TXT":
            return self._types[rtype]
        return policy_of(self._policies, name, value) or self._types["TXT"]


def policy_of(policies: Iterable[RecordKind], name: str, value: str) -> RecordKind | None:
    """Return the kind of a TXT record: that of the label in its name before that of its tag."""
    held = [kind for kind in policies if kind.holds(name, value)]
    return min(held, key=lambda kind: not kind.label, default=None)
