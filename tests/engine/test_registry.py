"""Plugins are found by walking the package, others by entry point and only when named."""

from importlib.metadata import EntryPoint

import pytest

from mailconf.engine import registry
from mailconf.plugins.spf import plugin as spf


def test_the_directory_is_the_feature_list() -> None:
    found = registry.builtin()
    assert found["spf"] is spf
    assert list(found) == sorted(found)


def test_third_parties_come_when_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("mine", "mailconf.plugins.spf:plugin", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    assert "mine" not in registry.discover(())
    assert registry.discover({"mine"})["mine"] is spf


def points(monkeypatch: pytest.MonkeyPatch, **named: str) -> None:
    """Install entry points, by name."""
    found = [EntryPoint(name, value, registry.GROUP) for name, value in named.items()]
    monkeypatch.setattr(registry, "entry_points", lambda group: found)


def test_every_installed_plugin_is_known_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    points(monkeypatch, mine="no.such:thing")
    found = registry.discover(())
    assert found.installed == {"mine"}
    assert found.findings == []


def test_a_plugin_that_cannot_be_loaded_is_left_out_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points(monkeypatch, mine="no.such:thing")
    found = registry.discover({"mine"})
    assert "mine" not in found
    assert [finding.rule.code for finding in found.findings] == ["CFG080"]
    assert "entry point no.such:thing raised ModuleNotFoundError" in found.findings[0].message
