"""Records as the resources of two providers: aws_route53_record and cloudflare_dns_record (v5)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from mailconf.formats.quoting import zone_strings
from mailconf.model.record import Record
from mailconf.model.zone import Zone

Resource = tuple[str, dict[str, Any]]
CLOUDFLARE_DATA = {
    "CAA": ("flags", "tag", "value"),
    "SRV": ("priority", "weight", "port", "target"),
    "TLSA": ("usage", "selector", "matching_type", "certificate"),
}
"""How Cloudflare names the words of a value; other types have `content`."""


def literal(text: str) -> str:
    """Return a text in which Terraform finds no expression: SPF macros look like its directives."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _address(first: Record, *more: str) -> str:
    """Return a resource's name, which must be an identifier and must not move with its neighbours."""
    stem = re.sub(r"[^a-z0-9-]", "_", f"{first.type}_{first.name}".lower()).strip("_")
    text = "\n".join([first.type, first.name, *more])
    return f"{stem}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _zone_id(zone: Zone) -> str:
    return f'${{var.zone_ids["{zone.name}"]}}'


def route53(zone: Zone) -> Iterator[Resource]:
    """Yield a resource for every set of records; the provider puts the outer quotes around TXT."""
    for records in zone.sets:
        first = records[0]
        values = [literal(_route53_value(record)) for record in records]
        body = {
            "zone_id": _zone_id(zone),
            "name": first.name,
            "type": first.type,
            "ttl": first.ttl,
            "records": values,
        }
        yield _address(first), body


def _route53_value(record: Record) -> str:
    """Strings of a long TXT meet as `""`: Route 53 joins them (aws_route53_record, records)."""
    if record.type != "TXT":
        return record.value
    return zone_strings(record.value).replace('" "', '""')[1:-1]


def cloudflare(zone: Zone) -> Iterator[Resource]:
    """Yield a resource for every record, never behind the proxy: it carries no mail."""
    for record in zone.records:
        body: dict[str, Any] = {
            "zone_id": _zone_id(zone),
            "name": record.name.removesuffix("."),
            "type": record.type,
            "ttl": record.ttl,
            "proxied": False,
        }
        yield _address(record, record.value), body | _cloudflare_value(record)


def _cloudflare_value(record: Record) -> dict[str, Any]:
    if record.type in CLOUDFLARE_DATA:
        keys = CLOUDFLARE_DATA[record.type]
        words = [_word(word) for word in record.value.split(None, len(keys) - 1)]
        data = dict(zip(keys, words, strict=True))
        return {"data": data} | ({"priority": words[0]} if record.type == "SRV" else {})
    if record.type == "MX":
        preference, target = record.value.split()
        return {"priority": int(preference), "content": _name(target)}
    if record.type == "TXT":
        return {"content": literal(zone_strings(record.value))}
    return {"content": _name(record.value)}


def _word(word: str) -> int | str:
    return int(word) if word.isdecimal() else literal(_name(word.strip('"')))


def _name(text: str) -> str:
    return text if text == "." else text.removesuffix(".")


RESOURCES: dict[str, tuple[str, Callable[[Zone], Iterator[Resource]]]] = {
    "route53": ("aws_route53_record", route53),
    "cloudflare": ("cloudflare_dns_record", cloudflare),
}
