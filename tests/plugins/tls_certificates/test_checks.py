"""Certificates of every listener: chain, name, expiry, version."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.outcome import Verdict
from mailconf.model.questions.sessions import Reply, Session, TlsFacts
from mailconf.plugins.tls_certificates import plugin
from mailconf.plugins.tls_certificates.checks import listeners
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

SEEN = view(plugin, spec_of())
NOW = FakeWorld().now
DAY = timedelta(days=1)
GOOD = TlsFacts(
    "TLSv1.3", "AES", ("mail.example.org",), "an authority", NOW - 10 * DAY, NOW + 80 * DAY
)


def listener(name: str) -> EndpointAddress:
    return next(at for at in listeners(SEEN) if at.endpoint.protocol.name == name)


@pytest.mark.parametrize(
    ("check", "name", "facts", "found"),
    [
        pytest.param("tls.chain", "imaps", GOOD, [], id="trusted"),
        pytest.param(
            "tls.chain", "imaps", replace(GOOD, fault="self-signed"), ["TLS007"], id="untrusted"
        ),
        pytest.param(
            "tls.chain", "smtp", replace(GOOD, fault="self-signed"), ["TLS020"], id="on 25"
        ),
        pytest.param(
            "tls.chain",
            "imaps",
            replace(GOOD, fault="certificate has expired", not_after=NOW - DAY),
            [],
            id="expiry is told once, by its own check",
        ),
        pytest.param("tls.name", "imaps", GOOD, [], id="name"),
        pytest.param(
            "tls.name", "imaps", replace(GOOD, names=("*.example.org",)), [], id="wildcard"
        ),
        pytest.param(
            "tls.name", "imaps", replace(GOOD, names=("example.org",)), ["TLS005"], id="other"
        ),
        pytest.param("tls.name", "imaps", replace(GOOD, names=()), ["TLS005"], id="no name"),
        pytest.param("tls.expiry", "imaps", GOOD, [], id="long enough"),
        pytest.param(
            "tls.expiry",
            "imaps",
            replace(GOOD, not_after=NOW + 4 * DAY),
            ["TLS021"],
            id="a few days",
        ),
        pytest.param(
            "tls.expiry",
            "imaps",
            replace(GOOD, not_before=NOW - 60 * DAY, not_after=NOW + 29 * DAY),
            ["TLS021"],
            id="less than a third",
        ),
        pytest.param(
            "tls.expiry",
            "imaps",
            replace(GOOD, not_before=NOW - 29 * DAY, not_after=NOW + 16 * DAY),
            [],
            id="more than a third of 45 days",
        ),
        pytest.param("tls.expiry", "imaps", replace(GOOD, not_after=NOW), ["TLS006"], id="expired"),
        pytest.param("tls.version", "imaps", GOOD, [], id="version"),
        pytest.param(
            "tls.version", "imaps", replace(GOOD, version="TLSv1.1"), ["TLS002"], id="old"
        ),
        pytest.param(
            "tls.version", "imaps", replace(GOOD, version="TLSv1.2"), ["TLS004"], id="not newest"
        ),
        pytest.param("tls.key", "imaps", replace(GOOD, key="ec", bits=256), [], id="EC"),
        pytest.param("tls.key", "imaps", replace(GOOD, key="rsa", bits=2048), [], id="RSA"),
        pytest.param("tls.key", "imaps", replace(GOOD, key="ed25519"), [], id="Ed25519"),
        pytest.param(
            "tls.key", "imaps", replace(GOOD, key="rsa", bits=1024), ["TLS008"], id="short RSA"
        ),
        pytest.param("tls.key", "imaps", replace(GOOD, digest="sha1"), ["TLS008"], id="SHA-1"),
        pytest.param(
            "tls.key", "imaps", replace(GOOD, must_staple=True), ["TLS017"], id="must staple"
        ),
    ],
)
async def test_facts(check: str, name: str, facts: TlsFacts, found: list[str]) -> None:
    at = listener(name)
    world = FakeWorld(sessions={str(at): Session(Reply("220"), tls=facts)})
    done = await outcome(check_of(plugin, check), SEEN, at, world)
    assert codes(done.findings) == found


async def test_without_tls_nothing_can_be_told() -> None:
    at = listener("smtp")
    world = FakeWorld(sessions={str(at): Session(Reply("220"))})
    done = await outcome(check_of(plugin, "tls.chain"), SEEN, at, world)
    assert done.verdict is Verdict.UNKNOWN
