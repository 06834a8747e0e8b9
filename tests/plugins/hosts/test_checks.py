"""Ports that nobody declares."""

import pytest

from mailconf.model.outcome import Verdict
from mailconf.plugins.hosts import plugin
from mailconf.plugins.hosts.checks import Door, doors
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

SEEN = view(plugin, spec_of())
CHECK = check_of(plugin, "hosts.undeclared-ports")
SMTP = "smtp://mail.example.org:25 [192.0.2.25]"
POP3, IMAP = "pop3://mail.example.org:110 [192.0.2.25]", "imap://mail.example.org:143 [192.0.2.25]"


def door() -> Door:
    return next(doors(SEEN))


@pytest.mark.parametrize(
    ("opened", "found"),
    [
        pytest.param({SMTP}, [], id="what is declared"),
        pytest.param({SMTP, POP3}, ["PRT017"], id="one too many"),
        pytest.param({SMTP, POP3, IMAP}, ["PRT017", "PRT017"], id="two too many"),
    ],
)
async def test_what_is_open(opened: set[str], found: list[str]) -> None:
    done = await outcome(CHECK, SEEN, door(), FakeWorld(opened=frozenset(opened)))
    assert codes(done.findings) == found


async def test_silence_is_as_good_as_a_refusal_where_something_else_answers() -> None:
    world = FakeWorld(opened=frozenset({SMTP}), silent=frozenset({POP3, IMAP}))
    assert (await outcome(CHECK, SEEN, door(), world)).verdict is Verdict.PASSED


async def test_silence_alone_says_nothing() -> None:
    done = await outcome(CHECK, SEEN, door(), FakeWorld(silent=frozenset({POP3})))
    assert (done.verdict, done.why) == (
        Verdict.UNKNOWN,
        "1 ports timed out, and no declared service is reachable at 192.0.2.25",
    )


async def test_what_is_open_is_told_though_the_rest_is_silent() -> None:
    world = FakeWorld(opened=frozenset({POP3}), silent=frozenset({IMAP}))
    done = await outcome(CHECK, SEEN, door(), world)
    assert (done.verdict, codes(done.findings)) == (Verdict.FAILED, ["PRT017"])


def test_an_address_that_hosts_share_is_looked_at_once() -> None:
    hosts = {
        name: {"hostname": f"{name}.example.org", "addresses": ["192.0.2.25"]} for name in "ab"
    }
    assert [str(door) for door in doors(view(plugin, spec_of(hosts=hosts)))] == [
        "a.example.org [192.0.2.25]"
    ]
