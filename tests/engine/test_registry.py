"""Plugins are found by walking the package, others by entry point and only when named."""

from dataclasses import replace
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from mailconf.engine import registry
from mailconf.engine.containment import WrongItemError
from mailconf.model.plugin import Check, Facet
from mailconf.model.record_kind import RecordKind
from mailconf.plugins.spf import plugin as spf


def test_the_directory_is_the_feature_list() -> None:
    found = registry.builtin()
    assert found["spf"] is spf
    assert list(found) == sorted(found)


CHECK: Check[Any] = Check("bad.x", "", lambda _: (), lambda *_: None)  # type: ignore[arg-type]
NONSENSE = [
    pytest.param({"checks": (replace(CHECK, id=5),)}, "has the field id, which is int", id="id"),  # type: ignore[arg-type]
    pytest.param({"checks": (replace(CHECK, id="x"),)}, "expected family.name", id="no family"),
    pytest.param(
        {"plan_checks": (replace(CHECK, run=None),)},  # type: ignore[arg-type]
        "has the field run, which is None",
        id="run",
    ),
    pytest.param({"takes": 5}, "the field takes, which is int", id="takes a number"),
    pytest.param(
        {"takes": ("x",)}, "the field takes, which has an item that is str", id="takes a text"
    ),
    pytest.param({"takes": (int,)}, "takes something else than a tuple", id="takes numbers"),
    pytest.param(
        {"summary": 5}, "has the field summary, which is int; expected text", id="summary"
    ),
    pytest.param({"fills": 5}, "has the field fills, which is int; expected a tuple", id="fills"),
    pytest.param(
        {"templates": "x"}, "has the field templates, which is str; expected Path", id="templates"
    ),
    pytest.param(
        {"lint": Facet(host=5)},  # type: ignore[arg-type]
        "has the field lint, which has the field host, which is int; expected a function",
        id="facet",
    ),
    pytest.param(
        {"record_kinds": (5,)}, "the field record_kinds, which has an item that is int", id="kinds"
    ),
    pytest.param({"filters": None}, "the field filters, which is None", id="no filters"),
    pytest.param(
        {"filters": {"x": 5}}, "the field filters, which has a value that is int", id="filter"
    ),
]


@pytest.mark.parametrize(("parts", "told"), NONSENSE)
def test_a_plugin_of_nonsense_is_named(parts: dict[str, Any], told: str) -> None:
    with pytest.raises(WrongItemError, match=told):
        registry._usable(replace(spf, **parts))


def test_third_parties_come_when_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("mine", "mailconf.plugins.srv:plugin", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    assert "mine" not in registry.discover(())
    assert registry.discover({"mine"})["mine"].name == "srv"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        pytest.param(
            RecordKind("spf", tag="v=ours1"), "records called 'spf'; expected a new", id="name"
        ),
        pytest.param(RecordKind("mx", "MX"), "records called 'mx'; expected a new", id="type"),
        pytest.param(RecordKind("ours", tag="V=SPF1"), "the tag of another, 'V=SPF1'", id="tag"),
        pytest.param(RecordKind("Our kind", tag="v=ours1"), "called 'Our kind'", id="spaces"),
        pytest.param(RecordKind("ours", tag=5), "records whose tag is int", id="number"),  # type: ignore[arg-type]
        pytest.param(RecordKind("ours", "MX"), "of all MX records", id="all of a type"),
        pytest.param(RecordKind("ours"), "of all TXT records", id="all texts"),
    ],
)
def test_a_kind_of_records_of_another_plugin_is_refused(kind: RecordKind, told: str) -> None:
    with pytest.raises(WrongItemError, match=told):
        registry._check_record_kinds(replace(spf, record_kinds=(kind,)), registry.builtin())


def points(monkeypatch: pytest.MonkeyPatch, **named: str) -> None:
    """Install entry points, by name."""
    found = [EntryPoint(name, value, registry.GROUP) for name, value in named.items()]
    monkeypatch.setattr(registry, "entry_points", lambda group: found)


def test_every_installed_plugin_is_known_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    points(monkeypatch, mine="no.such:thing")
    found = registry.discover(())
    assert found.installed == {"mine": "no.such:thing"}
    assert found.findings == []


def test_a_plugin_that_cannot_be_loaded_is_left_out_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points(monkeypatch, mine="no.such:thing")
    found = registry.discover({"mine"})
    assert "mine" not in found
    assert [finding.rule.code for finding in found.findings] == ["CFG080"]
    assert "entry point no.such:thing raised ModuleNotFoundError" in found.findings[0].message
