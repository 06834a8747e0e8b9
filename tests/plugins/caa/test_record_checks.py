"""Authorities that would not renew."""

import pytest

from mailconf.model.questions.sessions import Reply, Session, TlsFacts
from mailconf.plugins.caa import plugin
from mailconf.plugins.caa.record_checks import listeners
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

SEEN = view(plugin, spec_of())
NOW = FakeWorld().now
HOST, ABOVE = "mail.example.org.", "example.org."


@pytest.mark.parametrize(
    ("zones", "issuer", "found"),
    [
        pytest.param({}, "CN=R11,O=Let's Encrypt,C=US", [], id="anybody may issue"),
        pytest.param(
            {(HOST, "CAA"): ('0 issue "letsencrypt.org"',)},
            "CN=R11,O=Let's Encrypt,C=US",
            [],
            id="listed",
        ),
        pytest.param(
            {(HOST, "CAA"): ('0 issue "pki.goog"',)},
            "CN=R11,O=Let's Encrypt,C=US",
            ["CAA001"],
            id="not listed",
        ),
        pytest.param(
            {(ABOVE, "CAA"): ('0 issue "pki.goog"',)},
            "CN=R11,O=Let's Encrypt,C=US",
            ["CAA001"],
            id="not listed above",
        ),
        pytest.param(
            {(HOST, "CAA"): ('0 issue ";"',)},
            "CN=R11,O=Let's Encrypt,C=US",
            ["CAA001"],
            id="nobody",
        ),
        pytest.param(
            {(HOST, "CAA"): ('0 issue "pki.goog"',)},
            "CN=private CA",
            [],
            id="nobody knows its name",
        ),
        pytest.param(
            {(HOST, "CAA"): ('0 iodef "mailto:a@example.org"',)},
            "CN=R11,O=Let's Encrypt,C=US",
            [],
            id="no issue property",
        ),
    ],
)
async def test_whoever_issued_may_issue_again(
    zones: dict[tuple[str, str], tuple[str, ...]], issuer: str, found: list[str]
) -> None:
    (at,) = listeners(SEEN)
    facts = TlsFacts("TLSv1.3", "x", (), issuer, NOW, NOW)
    world = FakeWorld(zones, sessions={str(at): Session(Reply("220"), tls=facts)})
    done = await outcome(check_of(plugin, "caa.issuer"), SEEN, at, world)
    assert codes(done.findings) == found
