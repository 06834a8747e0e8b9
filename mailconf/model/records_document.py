"""The records of a build as a document: what programs read, and what a later plan starts from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from mailconf.model.record import Record
from mailconf.model.record_faults import fault
from mailconf.model.record_kind import RECORD_TYPES

SCHEMA = "mailconf.records/1"


class PublishedError(ValueError):
    """The text is no such document; the message says why."""


@dataclass(frozen=True, slots=True)
class RecordsDocument:
    """All records of a spec, in order; readers ignore fields that they do not know."""

    records: tuple[Record, ...]

    def __str__(self) -> str:
        # Record by record: Python's own encoder, which json takes for indented text, is ten times slower.
        records = ",\n".join(map(_written, self.records))
        inside = f"[\n{records}\n  ]" if records else "[]"
        return f'{{\n  "schema": {json.dumps(SCHEMA)},\n  "records": {inside}\n}}'

    @classmethod
    def parse(cls, text: str) -> RecordsDocument:
        """Read a document of this major version; raises PublishedError."""
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            raise PublishedError("not a list of records: expected a JSON document") from None
        if not isinstance(body, dict) or not isinstance(body.get("records"), list):
            raise PublishedError(f"not a list of records: expected the schema {SCHEMA}")
        if body.get("schema") != SCHEMA:
            raise PublishedError(f"expected schema {SCHEMA}, not {body.get('schema')!r}")
        rows = enumerate(body["records"], 1)
        return cls(tuple(_record(number, row) for number, row in rows))


def _written(record: Record) -> str:
    lines = (f'      "{key}": {_value(value)}' for key, value in _body(record).items())
    return "    {\n" + ",\n".join(lines) + "\n    }"


def _value(value: str | int) -> str:
    return quoted(value) if isinstance(value, str) else str(value)


def _body(record: Record) -> dict[str, str | int]:
    return {
        "name": record.name,
        "type": record.type,
        "ttl": record.ttl,
        "value": record.value,
        "kind": record.kind.name,
        "where": ".".join(map(str, record.where)),
    }


def _record(number: int, row: Any) -> Record:
    """Read one of the records; raises PublishedError with its number."""
    if not isinstance(row, dict):
        raise PublishedError(f"record {number} is damaged; expected an object")
    if row.get("type") not in RECORD_TYPES:
        raise PublishedError(
            f"record {number} is of type {row.get('type')!r}; expected {', '.join(RECORD_TYPES)}"
        )
    texts = {key: row.get(key) for key in ("name", "type", "value")}
    ttl = row.get("ttl")
    if not all(isinstance(text, str) for text in texts.values()) or type(ttl) is not int:
        raise PublishedError(f"record {number} is damaged; expected name, type, ttl and value")
    if not row["name"].endswith("."):
        raise PublishedError(f"record {number}: the name {row['name']!r} is not absolute")
    record = Record(row["name"], row["type"], row["value"], ttl)
    if problem := fault(record):
        raise PublishedError(f"record {number}: {problem}")
    return record
