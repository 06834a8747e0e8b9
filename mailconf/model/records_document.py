"""The records of a build as a document: what programs read, and what a later plan starts from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, get_args

from mailconf.model.record import Record, RecordType

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
            if body["schema"] != SCHEMA:
                raise PublishedError(f"wanted schema {SCHEMA}, not {body['schema']}")
            return cls(tuple(_record(each) for each in body["records"]))
        except PublishedError:
            raise
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as why:
            raise PublishedError(f"not a list of records ({type(why).__name__}: {why})") from None


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
        "kind": record.kind,
        "where": ".".join(map(str, record.where)),
    }


def _record(body: dict[str, Any]) -> Record:
    if body["type"] not in get_args(RecordType):
        raise PublishedError(f"found a record of type {body['type']!r}")
    return Record(str(body["name"]), body["type"], str(body["value"]), int(body["ttl"]))
