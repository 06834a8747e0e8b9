"""One certificate on every port: a daemon that was not reloaded shows the old one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailconf.model.outcome import Verdict
from mailconf.model.questions.sessions import Reply, Session, TlsFacts
from mailconf.plugins.tls_certificates import plugin
from mailconf.plugins.tls_certificates.sameness import hosts, listeners_of
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

SEEN = view(plugin, spec_of())
HOST = next(hosts(SEEN))
CHECK = check_of(plugin, "tls.consistent")
NOW = FakeWorld().now
NEW = TlsFacts("TLSv1.3", "AES", (), "", NOW, NOW + timedelta(days=80), key_digest="ab")
LISTENERS = list(map(str, listeners_of(SEEN, HOST)))


def world(*facts: TlsFacts | None, silent: tuple[str, ...] = ()) -> FakeWorld:
    """Return a host whose listeners show these certificates, the last one on all that are left."""
    shown = [facts[min(n, len(facts) - 1)] for n in range(len(LISTENERS))]
    sessions = {
        at: Session(Reply("220"), tls=one) for at, one in zip(LISTENERS, shown, strict=True)
    }
    return FakeWorld(sessions=sessions, silent=frozenset(silent))


@pytest.mark.parametrize(
    ("first", "found"),
    [
        pytest.param(NEW, [], id="the same"),
        pytest.param(replace(NEW, not_after=NOW), ["TLS026"], id="an older one of the same key"),
        pytest.param(replace(NEW, key_digest="cd"), ["TLS026"], id="another key"),
    ],
)
async def test_certificates(first: TlsFacts, found: list[str]) -> None:
    done = await outcome(CHECK, SEEN, HOST, world(first, NEW))
    assert codes(done.findings) == found


async def test_the_ports_are_told_apart() -> None:
    done = await outcome(CHECK, SEEN, HOST, world(replace(NEW, not_after=NOW), NEW))
    (finding,) = done.findings
    assert "imaps [192.0.2.25] (expires 2026-11-24 00:00 UTC)" in finding.message or (
        "smtp [192.0.2.25] (expires 2026-11-24 00:00 UTC)" in finding.message
    )


async def test_who_is_silent_says_nothing_about_the_others() -> None:
    done = await outcome(CHECK, SEEN, HOST, world(NEW, silent=(LISTENERS[0],)))
    assert done.verdict is Verdict.PASSED
    done = await outcome(CHECK, SEEN, HOST, world(None, NEW, silent=tuple(LISTENERS[2:])))
    assert (done.verdict, done.why) == (
        Verdict.UNKNOWN,
        f"TLS started on 1 of {len(LISTENERS)} listeners",
    )


def test_a_host_with_one_listener_has_nothing_to_compare() -> None:
    alone = {"mail": {"hostname": "mail.example.org", "addresses": ["192.0.2.25"], "roles": ["mx"]}}
    assert not list(hosts(view(plugin, spec_of(hosts=alone))))
