"""Ports that make sense."""

from typing import Any

import pytest

from mailconf.plugins.hosts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded


@pytest.mark.parametrize(
    ("protocols", "found"),
    [
        pytest.param({}, [], id="the usual ones"),
        pytest.param({"submission": {"port": 2587}}, [], id="a port of nobody"),
        pytest.param({"smtp": {"port": 2525}}, ["PRT005"], id="smtp elsewhere"),
        pytest.param({"smtp": "off"}, ["PRT005"], id="no smtp"),
        pytest.param({"imap": {"port": 993}}, ["PRT012"], id="shared"),
        pytest.param({"pop3": {"port": 143}}, ["PRT007"], id="another's port"),
        pytest.param(
            {"submissions": "off", "submission": {"port": 465}}, ["PRT007"], id="another TLS mode"
        ),
    ],
)
def test_rules(protocols: dict[str, Any], found: list[str]) -> None:
    seen = view(plugin, spec_of(protocols=protocols))
    assert codes(yielded(plugin.lint, seen)) == found


def test_without_hosted_domains_nobody_delivers() -> None:
    spec = spec_of(protocols={"smtp": "off"}, domains={"a.example": {"mail": "none"}})
    assert yielded(plugin.lint, view(plugin, spec)) == []
