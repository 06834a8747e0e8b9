"""Mailboxes and aliases that make sense."""

from typing import Any

import pytest

from mailconf.plugins.accounts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded

HASH = {"password": "ref+env://HASH"}
FINE: dict[str, Any] = {
    "mailboxes": {"alice": HASH},
    "aliases": {"postmaster": "alice", "abuse": "alice"},
}


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        pytest.param(FINE, [], id="fine"),
        pytest.param({**FINE, "mailboxes": {"alice": {}}}, ["ADR004"], id="no password"),
        pytest.param({"mailboxes": {"alice": HASH}}, ["PFX019", "PFX019"], id="no postmaster"),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x": "nobody"}}, ["ADR001"], id="to nowhere"
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x": ["a@elsewhere.example"]}},
            [],
            id="outwards",
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x": "a@b..c"}},
            ["ADR001"],
            id="no address",
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x": "alice+tag"}}, [], id="with an extension"
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "a": "b", "b": "a"}},
            ["ADR002", "ADR002"],
            id="loop",
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "alice": "postmaster"}},
            ["ADR002", "ADR002", "ADR003"],
            id="alias hides a mailbox",
        ),
        pytest.param({"mail": "none"}, [], id="parked"),
        pytest.param(
            {
                **FINE,
                "mailboxes": {"alice": {**HASH, "send_as": ["x@other.example"]}},
            },
            ["ADR006"],
            id="sends as a stranger",
        ),
        pytest.param({**FINE, "catch_all": "nobody"}, ["ADR001"], id="catch-all to nowhere"),
        pytest.param({"mail": "send-only", **FINE}, ["ADR005"], id="mailbox without mail"),
    ],
)
def test_rules(domain: dict[str, Any], found: list[str]) -> None:
    spec = spec_of(domains={"example.org": domain})
    assert codes(yielded(plugin.lint, view(plugin, spec))) == found
