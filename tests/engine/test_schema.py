"""The JSON Schema accepts what the engine accepts, and knows every plugin."""

import json
from pathlib import Path

import jsonschema
import pytest

from mailconf.engine.events import read_tree
from mailconf.engine.registry import builtin
from mailconf.engine.schema import schema
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
