"""The JSON Schema accepts what the engine accepts, and knows every plugin."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import create_model

from mailconf.engine.registry import builtin
from mailconf.engine.schema import schema
from mailconf.engine.yaml_reader import read_tree
from mailconf.model.base import Model
from mailconf.model.plugin import Plugin
from tests.engine.specs import EXAMPLES

SCHEMA = json.loads(schema(builtin()))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_valid(example: Path) -> None:
    for name in ("mailconf.yaml",):
        jsonschema.validate(read_tree(example / name)[0], SCHEMA)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"hots": {}}, id="typo"),
        pytest.param({"plugins": {"dmarc": {"polcy": "none"}}}, id="typo in an option"),
        pytest.param({"protocols": {"imaps": {"port": 70000}}}, id="port"),
    ],
)
def test_mistakes_are_seen_in_the_editor(spoil: dict[str, object]) -> None:
    data = read_tree(EXAMPLES[0] / "mailconf.yaml")[0] | spoil
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


def test_plugins_can_be_switched_off() -> None:
    data = read_tree(EXAMPLES[0] / "mailconf.yaml")[0] | {"plugins": {"srv": "off"}}
    jsonschema.validate(data, SCHEMA)


@pytest.mark.parametrize("word", ["on", "off"])
def test_plugins_and_protocols_are_switched_by_a_word(word: str) -> None:
    switched = {"plugins": {"srv": word}, "protocols": {"imap": word}}
    jsonschema.validate(read_tree(EXAMPLES[0] / "mailconf.yaml")[0] | switched, SCHEMA)


def named_limits(name: str, **fields: Any) -> Plugin[Any]:
    """Return a plugin with classes called as others are called, too."""
    inner = create_model("Limits", __base__=Model, **fields)
    outer = create_model("PostfixOptions", __base__=Model, limits=(inner, inner()))
    return Plugin(name, "Options of a common name.", outer)


def test_two_classes_of_one_name_are_two_definitions() -> None:
    theirs = named_limits("theirs", own=(int, 1)), named_limits("others", other=(int, 1))
    made = json.loads(schema(builtin() | {plugin.name: plugin for plugin in theirs}))
    assert made["$defs"]["PostfixOptions"] == SCHEMA["$defs"]["PostfixOptions"]
    assert "own" in made["$defs"]["theirs.Limits"]["properties"]
    assert "other" in made["$defs"]["others.Limits"]["properties"]
    jsonschema.Draft202012Validator.check_schema(made)
    data = read_tree(EXAMPLES[0] / "mailconf.yaml")[0]
    jsonschema.validate(data | {"plugins": {"theirs": {"limits": {"own": 5}}}}, made)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data | {"plugins": {"theirs": {"limits": {"other": 5}}}}, made)
