"""The JSON Schema of a spec: the core model with every plugin's options folded in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mailconf.engine.registry import record_kinds
from mailconf.model.base import SIZE, SIZES, SPAN, SPANS
from mailconf.model.dns import Dns
from mailconf.model.domain import NAME, Domain
from mailconf.model.host import KEY, Host
from mailconf.model.plugin import Plugin
from mailconf.model.spec import Spec

UNITS = {SIZE: SIZES, SPAN: SPANS}
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(plugins: Mapping[str, Plugin[Any]]) -> str:
    """Return the schema as JSON text, keys sorted, ready for an editor."""
    body = Spec.model_json_schema(by_alias=True)
    definitions = body.setdefault("$defs", {})
    references = {name: _folded_in(plugin, definitions) for name, plugin in plugins.items()}
    for model in (Host.__name__, Domain.__name__):
        _drop_internal(definitions[model])
        definitions[model]["properties"] |= references
    body["properties"] |= _sections(references)
    kinds = record_kinds(plugins).names
    definitions[Dns.__name__]["properties"]["ttls"]["propertyNames"] = {"enum": list(kinds)}
    _spell_defaults(body)
    body |= {"$schema": DRAFT, "title": "mailconf spec", "description": "One mail site."}
    return json.dumps(body, indent=2, sort_keys=True) + "\n"


def _folded_in(plugin: Plugin[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Add a plugin's options to the definitions, and return the reference to them.

    Two classes of one name are two definitions: that of the later plugin is called PLUGIN.CLASS.
    """
    name = plugin.options.__name__
    own = plugin.options.model_json_schema(ref_template="#/$defs/{model}")
    parts = own.pop("$defs", {}) | {name: own}
    if any(definitions.get(key, part) != part for key, part in parts.items()):
        prefix = f"{plugin.name}."
        own = plugin.options.model_json_schema(ref_template=f"#/$defs/{prefix}{{model}}")
        parts = {prefix + key: part for key, part in own.pop("$defs", {}).items()}
        name = prefix + name
        parts[name] = own
    definitions |= parts
    return {"$ref": f"#/$defs/{name}", "description": plugin.summary}


def _spell_defaults(node: Any) -> None:
    """Write defaults that have a unit as a spec does: 1h and not 3600."""
    for inner in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        _spell_defaults(inner)
    if isinstance(node, dict) and isinstance(node.get("default"), int):
        node["default"] = _with_unit(node["default"], UNITS.get(node.get("pattern", ""), {}))


def _with_unit(value: int, units: Mapping[str, int]) -> int | str:
    found = [f"{value // size}{unit}" for unit, size in units.items() if not value % size]
    return found[-1] if found else value


def _drop_internal(definition: dict[str, Any]) -> None:
    """Remove the fields that the parser fills in."""
    for name in (KEY, NAME):
        definition["properties"].pop(name, None)


def _sections(references: dict[str, Any]) -> dict[str, Any]:
    switched = {name: {"anyOf": [ref, {"enum": ["on", "off"]}]} for name, ref in references.items()}
    return {
        "include": {"type": "array", "items": {"type": "string"}},
        "defaults": {"$ref": f"#/$defs/{Domain.__name__}"},
        "plugins": {"type": "object", "properties": switched, "additionalProperties": True},
    }
