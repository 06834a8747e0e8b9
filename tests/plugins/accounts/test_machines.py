"""The mail of machines has an owner: never a customer by the order of the spec."""

from typing import Any

import pytest

from mailconf.plugins.accounts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded

PAST = {"postmaster": "x@elsewhere.example"}
TWO: dict[str, Any] = {"a.example": {"aliases": PAST}, "b.example": {"aliases": PAST}}


@pytest.mark.parametrize(
    ("hostname", "changes", "found"),
    [
        pytest.param("mail.a.example", {"domains": TWO}, [], id="above"),
        pytest.param("mail.c.example", {"domains": TWO}, ["ADR008"], id="none above"),
        pytest.param("nota.example", {"domains": TWO}, ["ADR008"], id="only looks like it"),
        pytest.param(
            "mail.c.example", {"domains": TWO, "system_mail": "x@c.example"}, [], id="as you say"
        ),
        pytest.param("mail.c.example", {"domains": {"a.example": TWO["a.example"]}}, [], id="one"),
        pytest.param(
            "mail.a.example", {"domains": {**TWO, "a.example": {}}}, [], id="PFX019 tells of that"
        ),
        pytest.param(
            "mail.a.example", {"domains": {"a.example": {"mail": "send-only"}}}, ["ADR009"],
            id="no mail here",
        ),
        pytest.param(
            "mail.a.example", {"domains": {"a.example": {"provider": {"name": "microsoft-365"}}}}, [],
            id="mail elsewhere",
        ),
    ],
)  # fmt: skip
def test_owners(hostname: str, changes: dict[str, Any], found: list[str]) -> None:
    host = {"hostname": hostname, "addresses": ["192.0.2.25"]}
    spec = spec_of(hosts={"mail": host}, **changes)
    seen = codes(yielded(plugin.lint, view(plugin, spec)))
    assert [code for code in seen if code in ("ADR008", "ADR009")] == found


def test_a_web_server_has_no_mail() -> None:
    host = {"hostname": "www.c.example", "addresses": ["192.0.2.25"], "roles": ["web"]}
    spec = spec_of(hosts={"mail": host}, domains=TWO)
    assert "ADR008" not in codes(yielded(plugin.lint, view(plugin, spec)))


FINE: dict[str, Any] = {
    "mailboxes": {"alice": {"password": "ref+env://X"}},
    "aliases": {"postmaster": "alice", "abuse": "alice"},
}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        pytest.param("alice@example.org", [], id="a mailbox"),
        pytest.param("Postmaster+x@Example.org", [], id="an alias, with an extension"),
        pytest.param("ops@elsewhere.example", [], id="elsewhere"),
        pytest.param("nobody@example.org", ["ADR007"], id="nobody"),
        pytest.param("root@mail.example.org", ["ADR007"], id="the machine itself"),
        pytest.param("x@news.example", ["ADR007"], id="where no mail is taken"),
        pytest.param("x@school.example", [], id="with a provider"),
    ],
)
def test_who_looks_after_machines_can_be_written_to(address: str, found: list[str]) -> None:
    domains = {
        "example.org": FINE,
        "news.example": {"mail": "send-only"},
        "school.example": {"provider": {"name": "microsoft-365"}},
    }
    host = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"], "system_mail": address}
    for changes in ({"system_mail": address}, {"hosts": {"mail": host}}):
        spec = spec_of(domains=domains, **changes)
        assert codes(yielded(plugin.lint, view(plugin, spec))) == found
