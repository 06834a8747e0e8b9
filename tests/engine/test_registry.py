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
