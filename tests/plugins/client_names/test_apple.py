"""Profiles for Apple's devices announce the listeners of the spec."""

from dataclasses import replace
from typing import Any

import pytest

from mailconf.formats.apple_profile import AppleProfile, MailAccount, Server
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.questions.pages import Page
from mailconf.plugins.client_names import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view
from tests.plugins.client_names.test_outlook import facts

URL = "https://www.example.org/mail.mobileconfig"
TYPE = "application/x-apple-aspen-config"
SEEN = view(plugin, spec_of(), options={"apple_profile": URL})
UUIDS = ("4b3b9b5c-8c9c-5a80-9c9f-1f1d5d4cf8f0", "6b3b9b5c-8c9c-5a80-9c9f-1f1d5d4cf8f0")
IMAP = Server("mail.example.org", 993, ssl=True)
SMTP = Server("mail.example.org", 465, ssl=True)


def page(incoming: Server = IMAP, outgoing: Server = SMTP, **changes: Any) -> Page:
    account = MailAccount("imap", incoming, outgoing, changes.pop("uuid", UUIDS[1]))
    body = str(AppleProfile("example.org.mail", UUIDS[0], (account,)))
    return replace(Page(200, TYPE, body), **changes)


def with_password() -> Page:
    key = "<key>IncomingPassword</key><string>s3cret</string><key>EmailAccountType</key>"
    return replace(page(), body=page().body.replace("<key>EmailAccountType</key>", key))


async def asked(answer: Page, **parts: Any) -> Outcome:
    check = check_of(plugin, "client_names.apple_profile")
    (subject,) = check.subjects(SEEN)
    return await outcome(check, SEEN, subject, FakeWorld(pages={URL: answer}, **parts))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        pytest.param(page(), [], id="as declared"),
        pytest.param(page(content_type=f"{TYPE}; charset=utf-8"), [], id="with charset"),
        pytest.param(page(outgoing=replace(SMTP, port=587)), [], id="STARTTLS"),
        pytest.param(page(outgoing=replace(SMTP, port=587, ssl=False)), [], id="as mox says"),
        pytest.param(page(replace(IMAP, port=0)), [], id="port left to the device"),
        pytest.param(page(replace(IMAP, host="other.example")), ["APL005"], id="host"),
        pytest.param(page(replace(IMAP, port=1993)), ["APL005"], id="port"),
        pytest.param(page(replace(IMAP, ssl=False)), ["APL005"], id="TLS is off"),
        pytest.param(page(replace(IMAP, ssl=None)), ["APL001", "APL005"], id="TLS is left out"),
        pytest.param(page(outgoing=replace(SMTP, port=0)), ["APL001"], id="no port to send to"),
        pytest.param(page(uuid="any-name"), [], id="any identifier"),
        pytest.param(page(uuid=UUIDS[0]), ["APL002"], id="one identifier for two payloads"),
        pytest.param(with_password(), ["APL003"], id="password"),
        pytest.param(page(status=404), ["APL006"], id="not there"),
        pytest.param(page(content_type="text/xml"), ["APL007"], id="media type"),
        pytest.param(page(body="<html/>"), ["APL008"], id="web page"),
        pytest.param(page(tls=facts("expired")), ["APL009"], id="certificate"),
        pytest.param(
            page(body=str(AppleProfile("a", UUIDS[0], ()))),
            ["APL005", "APL005"],
            id="no mail in it",
        ),
    ],
)
async def test_what_is_announced(answer: Page, found: list[str]) -> None:
    seen = await asked(answer)
    assert (codes(seen.findings), seen.verdict is Verdict.FAILED) == (found, bool(found))
    assert "s3cret" not in str(seen.findings)


async def test_a_profile_signed_in_segments_cannot_be_told_about() -> None:
    """BER cuts long octets: the head of a segment stands in the text."""
    body = page().body
    half = len(body) // 2
    cut = f"\\x30\\x80\x06\t*{body[:half]}\x04\\x82\x03\\xe8{body[half:]}"
    seen = await asked(page(body=cut))
    assert (seen.verdict, "signed in a way" in seen.why) == (Verdict.UNKNOWN, True)


@pytest.mark.parametrize("status", [302, 401])
async def test_what_cannot_be_told(status: int) -> None:
    assert (await asked(page(status=status))).verdict is Verdict.UNKNOWN


async def test_nobody_answers_at_all() -> None:
    assert codes((await asked(page(), closed=frozenset({URL}))).findings) == ["APL006"]
