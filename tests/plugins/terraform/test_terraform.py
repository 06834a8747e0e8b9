"""Terraform finds resources with the attributes of each provider, and no expression in a value."""

import json
import re
from typing import Any

import jsonschema
import pytest

from mailconf.formats.quoting import character_strings
from mailconf.plugins.terraform import plugin
from mailconf.plugins.terraform.resources import literal
from tests.plugins.publishing import EVERY, RECORDS, published

# The attributes that both providers document for the resource, and their types.
ROUTE53 = {
    "type": "object",
    "required": ["zone_id", "name", "type", "ttl", "records"],
    "additionalProperties": False,
    "properties": {
        "zone_id": {"type": "string"},
        "name": {"type": "string"},
        "type": {"enum": ["A", "AAAA", "CAA", "CNAME", "MX", "PTR", "SRV", "TLSA", "TXT"]},
        "ttl": {"type": "integer"},
        "records": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"type": "string"},
        },
    },
}
CLOUDFLARE = {
    "type": "object",
    "required": ["zone_id", "name", "type", "ttl"],
    "additionalProperties": False,
    "oneOf": [{"required": ["content"]}, {"required": ["data"]}],
    "properties": {
        "zone_id": {"type": "string"},
        "name": {"type": "string", "not": {"pattern": "\\.$"}},
        "type": {"type": "string"},
        "ttl": {"type": "integer", "minimum": 60, "maximum": 86400},
        "proxied": {"const": False},
        "priority": {"type": "integer", "minimum": 0, "maximum": 65535},
        "content": {"type": "string"},
        "data": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                **{key: {"type": "integer"} for key in ("flags", "priority", "weight", "port")},
                **{key: {"type": "integer"} for key in ("usage", "selector", "matching_type")},
                **{key: {"type": "string"} for key in ("tag", "value", "target", "certificate")},
            },
        },
    },
}
SYNTAX = {
    "type": "object",
    "required": ["variable", "resource"],
    "properties": {
        "variable": {"type": "object"},
        "resource": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_-]*$"},
            },
        },
    },
}
KINDS = {
    "route53": ("aws_route53_record", ROUTE53),
    "cloudflare": ("cloudflare_dns_record", CLOUDFLARE),
}


def resources(provider: str) -> dict[str, dict[str, Any]]:
    (text,) = published(plugin, provider=provider).values()
    body = json.loads(text)
    jsonschema.validate(body, SYNTAX)
    found: dict[str, dict[str, Any]] = body["resource"][KINDS[provider][0]]
    return found


@pytest.mark.parametrize("provider", KINDS)
def test_resources_have_the_attributes_of_the_provider(provider: str) -> None:
    schema = {"type": "object", "additionalProperties": KINDS[provider][1]}
    jsonschema.validate(resources(provider), schema)


def evaluated(text: str) -> str:
    """Return what Terraform makes of a string: every expression here would be an error."""
    assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{", text), text
    return text.replace("$${", "${").replace("%%{", "%{")


def test_route53_gets_every_record() -> None:
    found = set()
    for body in resources("route53").values():
        for text in body["records"]:
            value = evaluated(text)
            if body["type"] == "TXT":
                value = value.replace('""', "").replace('\\"', '"')
            found.add((body["name"], body["type"], value, body["ttl"]))
    assert found == EVERY


def test_cloudflare_gets_every_record() -> None:
    found = {
        (f"{body['name']}.", body["type"], rdata(body), body["ttl"])
        for body in resources("cloudflare").values()
    }
    assert found == {(n, t, undotted(t, value), ttl) for n, t, value, ttl in EVERY}


def rdata(body: dict[str, Any]) -> str:
    if "data" in body:
        words = [str(word) for word in body["data"].values()]
        return " ".join(words)
    content = evaluated(body["content"])
    if body["type"] == "TXT":
        content = content.replace('" "', "")[1:-1].replace('\\"', '"')
    return f"{body['priority']} {content}" if "priority" in body else content


def undotted(rtype: str, value: str) -> str:
    if rtype == "CAA":
        return value.replace('"', "")
    bare = value.rsplit(maxsplit=1)[-1] == "."
    return value if bare or rtype == "TXT" else value.removesuffix(".")


def test_zones_are_found_by_their_name() -> None:
    ids = {body["zone_id"] for body in resources("route53").values()}
    assert '${var.zone_ids["example.org"]}' in ids


def test_a_long_text_meets_in_two_quotes() -> None:
    longest = max(RECORDS, key=lambda record: len(record.value)).value
    text = next(
        text
        for body in resources("route53").values()
        for text in body["records"]
        if text.startswith("v=DKIM1")
    )
    assert text.encode().split(b'""') == list(character_strings(longest))


def test_a_name_does_not_move_when_a_neighbour_goes() -> None:
    assert {key.rsplit("_", 1)[0] for key in resources("cloudflare")} >= {"mx_example_org"}
    assert len(resources("cloudflare")) == len(EVERY)


@pytest.mark.parametrize(
    ("text", "written"),
    [("%{i}", "%%{i}"), ("${x}", "$${x}"), ("100% $5", "100% $5"), ("%%{i}", "%%%{i}")],
)
def test_literal(text: str, written: str) -> None:
    assert literal(text) == written


def test_nothing_is_written_without_a_provider() -> None:
    assert published(plugin) == {}
