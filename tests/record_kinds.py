"""Records with the kinds of the built-in plugins."""

from collections.abc import Hashable

from mailconf.engine.registry import builtin, record_kinds
from mailconf.model.record import DEFAULT_TTL, Record, with_kinds
from mailconf.model.record_kind import RecordType

KINDS = record_kinds(builtin())


def meaning(name: str, rtype: RecordType, value: str) -> Hashable:
    return KINDS.of(name, rtype, value).meaning(value)


def record(name: str, rtype: RecordType, value: str, ttl: int = DEFAULT_TTL) -> Record:
    (made,) = with_kinds([Record(name, rtype, value, ttl)], KINDS)
    return made
