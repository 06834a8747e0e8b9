"""Whoever speaks Autodiscover for a domain announces the listeners of the spec."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mailconf.formats.autodiscover import OUTER, Autodiscover, Protocol
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.questions.sessions import TlsFacts
from mailconf.model.world import ResponseTooLarge
from mailconf.plugins.client_names import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

URL = "https://autodiscover.example.org/autodiscover/autodiscover.xml"
APEX = "https://example.org/autodiscover/autodiscover.xml"
SPELLED = [
    URL.replace("autodiscover/autodiscover", path)
    for path in ("Autodiscover/Autodiscover", "AutoDiscover/AutoDiscover")
]
SEEN = view(plugin, spec_of(), options={"autodiscover": "ex.example.net"})
IMAP = Protocol("IMAP", "mail.example.org", 993, encryption="SSL")
SMTP = Protocol("SMTP", "mail.example.org", 465, encryption="SSL")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
NAMES = {("example.org.", "A"): ("192.0.2.80",)}


def facts(fault: str) -> TlsFacts:
    return TlsFacts("TLSv1.3", "x", ("a.example",), "ca", NOW, NOW, fault)


def answering(*protocols: Protocol, **changes: Any) -> Page:
    return replace(Page(200, "text/xml", str(Autodiscover(protocols))), **changes)


async def asked(check: str, posted: Mapping[str, Page], **parts: Any) -> Outcome:
    one = check_of(plugin, f"client_names.{check}")
    (subject,) = one.subjects(SEEN)
    return await outcome(one, SEEN, subject, FakeWorld(posted=posted, **parts))


@pytest.mark.parametrize(
    ("page", "found"),
    [
        pytest.param(answering(IMAP, SMTP), [], id="as declared"),
        pytest.param(answering(replace(IMAP, login="alice@example.org"), SMTP), [], id="login"),
        pytest.param(
            answering(replace(IMAP, encryption="TLS"), SMTP), [], id="implicit TLS as mox says"
        ),
        pytest.param(
            answering(IMAP, replace(SMTP, port=587, encryption="TLS")),
            [],
            id="STARTTLS as automx2 says",
        ),
        pytest.param(
            answering(IMAP, replace(SMTP, port=587, encryption="")), [], id="nothing said"
        ),
        pytest.param(
            answering(IMAP, SMTP, Protocol("EXCH", "ex.example.net", 443, spa=True)),
            [],
            id="Exchange",
        ),
        pytest.param(answering(replace(IMAP, server="other.example"), SMTP), ["ADS007"], id="host"),
        pytest.param(answering(replace(IMAP, port=1993), SMTP), ["ADS007"], id="port"),
        pytest.param(
            answering(replace(IMAP, port=143), SMTP), ["ADS007"], id="SSL at STARTTLS's port"
        ),
        pytest.param(
            answering(IMAP, replace(SMTP, ssl=False, encryption="")), ["ADS007"], id="clear"
        ),
        pytest.param(answering(IMAP, replace(SMTP, encryption="None")), ["ADS007"], id="none"),
        pytest.param(answering(IMAP, replace(SMTP, port=25)), ["ADS007"], id="port of servers"),
        pytest.param(answering(IMAP), ["ADS007"], id="nothing to send through"),
        pytest.param(answering(SMTP), ["ADS007"], id="nothing to read from"),
        pytest.param(answering(replace(IMAP, login="alice"), SMTP), ["ADS007"], id="local part"),
        pytest.param(answering(replace(IMAP, spa=True), SMTP), ["ADS002"], id="SPA"),
        pytest.param(Page(404, "text/html", ""), ["ADS006"], id="not there"),
        pytest.param(Page(405, "text/html", ""), ["ADS006"], id="GET only"),
        pytest.param(Page(200, "text/html", "<html/>"), ["ADS001"], id="web page"),
        pytest.param(
            answering(IMAP, SMTP, tls=facts("Hostname mismatch")), ["ADS008"], id="certificate"
        ),
    ],
)
async def test_what_is_announced(page: Page, found: list[str]) -> None:
    seen = await asked("autodiscover", {URL: page})
    assert (codes(seen.findings), seen.verdict is Verdict.FAILED) == (found, bool(found))


@pytest.mark.parametrize(
    ("page", "told"),
    [
        pytest.param(Page(401, "", ""), "requires authentication", id="login"),
        pytest.param(Page(302, "", ""), "redirects are not followed", id="redirect"),
        pytest.param(
            Page(200, "", str(Autodiscover(error="unknown address"))), "unknown address", id="error"
        ),
        pytest.param(
            Page(200, "", str(Autodiscover(elsewhere="https://b.example/"))),
            "ask https",
            id="elsewhere",
        ),
    ],
)
async def test_what_cannot_be_told(page: Page, told: str) -> None:
    seen = await asked("autodiscover", {URL: page})
    assert seen.verdict is Verdict.UNKNOWN
    assert told in seen.why


async def test_nobody_answers_at_all() -> None:
    seen = await asked("autodiscover", {}, closed=frozenset({URL}))
    assert codes(seen.findings) == ["ADS006"]
    assert "returned HTTP status none" in str(seen.findings[0].message)


@pytest.mark.parametrize(
    ("answered", "found"),
    [
        pytest.param([URL, *SPELLED], [], id="however it is spelled"),
        pytest.param([URL, SPELLED[0]], ["ADS004"], id="not in mixed case"),
        pytest.param([], [], id="not at all, which another check tells"),
    ],
)
async def test_the_path_is_spelled_in_many_ways(answered: list[str], found: list[str]) -> None:
    seen = await asked("path-case", dict.fromkeys(answered, answering(IMAP, SMTP)))
    assert codes(seen.findings) == found


@pytest.mark.parametrize(
    ("page", "names", "found"),
    [
        pytest.param(
            Page(200, "text/html", "<html/>"), NAMES, ["ADS005"], id="a web site for anything"
        ),
        pytest.param(Page(404, "text/html", ""), NAMES, [], id="nothing there"),
        pytest.param(answering(IMAP, SMTP), NAMES, [], id="Autodiscover itself"),
        pytest.param(
            answering(replace(IMAP, server="panel.example"), SMTP),
            NAMES,
            ["ADS007"],
            id="of others",
        ),
        pytest.param(Page(200, "text/html", "<html/>"), {}, [], id="no web site"),
    ],
)
async def test_the_apex_does_not_stand_in_the_way(
    page: Page, names: dict[tuple[str, str], tuple[str, ...]], found: list[str]
) -> None:
    seen = await asked("apex", {APEX: page}, zones=names)
    assert (codes(seen.findings), seen.verdict is Verdict.FAILED) == (found, bool(found))


async def test_the_apex_has_a_long_page_for_anything() -> None:
    def long(question: PageRequest) -> Page:
        raise ResponseTooLarge(str(question))

    one = check_of(plugin, "client_names.apex")
    (subject,) = one.subjects(SEEN)
    seen = await outcome(one, SEEN, subject, FakeWorld(zones=NAMES, said={PageRequest: long}))
    assert codes(seen.findings) == ["ADS005"]


def test_nobody_is_asked_where_nobody_is_declared() -> None:
    bare = view(plugin, spec_of())
    assert [subject for check in plugin.checks for subject in check.subjects(bare)] == []
    assert OUTER in str(Autodiscover())
