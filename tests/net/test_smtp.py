"""SMTP sessions: the facts they show, honest servers and others."""

import asyncio
import smtplib
from typing import Any

import pytest

from mailconf.model.questions.sessions import Reply, ServerSession
from mailconf.model.questions.transactions import Envelope, SmtpTransactions
from mailconf.model.world import Inconclusive
from mailconf.net import smtp
from tests.net.asking import HOST, SOON, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import Step, hear, say, scripted, silence, tls

GREETING = say(f"220-{HOST} ESMTP\n220 be polite\n")
IN_CLEAR = say(f"250-{HOST}\n250-SIZE 1000\n250 STARTTLS\n")
IN_TLS = say(f"250-{HOST} hello\n250-AUTH PLAIN LOGIN\n250-SIZE 1000\n250 CHUNKING\n")
NO_LOGIN = (
    *(hear("AUTH PLAIN "), say("530 5.7.0 TLS first\n")),
    *(hear("MAIL FROM:<>"), say("530 5.7.0 TLS first\n")),
)
NO_NAMES = tuple(
    step
    for command in ("VRFY postmaster", "VRFY mailconf-probe-nobody", "EXPN postmaster")
    for step in (hear(command), say("502 5.5.1 no\n"))
)
STRANGER = (
    *(hear("MAIL FROM:<>"), say("250 ok\n")),
    hear("RCPT TO:<probe@mailconf-probe-foreign.example>"),
    say("554 5.7.1 Relay access denied\n"),
    *(hear("RSET"), say("250 ok\n")),
)
GOODBYE = (hear("QUIT"), say("221 bye\n"))
NO_RELAY = (*STRANGER, *NO_NAMES, *GOODBYE)
TOO_LARGE = (hear("MAIL FROM:<> SIZE=1001"), say("552 5.3.4 too large\n"))
ON_25 = (*STRANGER, *TOO_LARGE, *NO_NAMES, *GOODBYE)


def polite(authority: TestAuthority) -> tuple[Step, ...]:
    return (
        *(GREETING, hear("EHLO mailconf-probe.invalid"), IN_CLEAR, *NO_LOGIN),
        *(hear("STARTTLS"), say("220 go\n"), tls(authority.server(HOST)), hear("EHLO"), IN_TLS),
        *NO_RELAY,
    )


async def test_a_polite_submission_server(authority: TestAuthority) -> None:
    async with scripted(polite(authority)) as server:
        session = await world(authority.file).ask(
            ServerSession(listener("submission", server.port))
        )
    assert session.greeting == Reply("220", (f"{HOST} ESMTP", "be polite"))
    assert session.before == {"SIZE": "1000", "STARTTLS": ""}
    assert session.after == {"AUTH": "PLAIN LOGIN", "SIZE": "1000", "CHUNKING": ""}
    assert session.ehlo_name == HOST
    assert session.probes["login before TLS"].status == "530"
    assert session.probes["relay"].status == "554"
    assert session.probes["mail before TLS"].status == "530"
    assert session.probes["vrfy nobody"] == Reply("502", ("5.5.1 no",))
    assert session.tls
    assert (session.tls.names, session.tls.fault) == ((HOST,), "")


async def test_implicit_tls_has_no_before(authority: TestAuthority) -> None:
    script = (GREETING, hear("EHLO"), IN_TLS, *NO_RELAY)
    async with scripted(script, context=authority.server(HOST)) as server:
        session = await world(authority.file).ask(
            ServerSession(listener("submissions", server.port))
        )
    assert (session.before, session.upgrade) == ({}, None)
    assert session.after["AUTH"] == "PLAIN LOGIN"


async def test_smtplib_sees_the_same_capabilities(authority: TestAuthority) -> None:
    def ask(port: int) -> dict[str, str]:
        with smtplib.SMTP("127.0.0.1", port, "mailconf-probe.invalid", 5) as client:
            client.ehlo()
            return {key.upper(): value.strip() for key, value in client.esmtp_features.items()}

    short = (GREETING, hear("EHLO"), IN_CLEAR, hear("quit"), say("221 bye\n"))
    async with scripted(short, polite(authority)) as server:
        theirs = await asyncio.to_thread(ask, server.port)
        session = await world(authority.file).ask(
            ServerSession(listener("submission", server.port))
        )
    assert theirs == session.before


async def test_starttls_refused_is_a_fact() -> None:
    refused = (hear("STARTTLS"), say("502 5.5.1 not now\n"))
    async with scripted((GREETING, hear("EHLO"), IN_CLEAR, *refused, *ON_25)) as server:
        session = await world().ask(ServerSession(listener("smtp", server.port)))
    assert session.probes["too large"].status == "552"
    assert session.upgrade == Reply("502", ("5.5.1 not now",))
    assert session.tls is None


async def test_starttls_not_offered_is_a_fact() -> None:
    async with scripted((GREETING, hear("EHLO"), say(f"250 {HOST}\n"), *NO_RELAY)) as server:
        session = await world().ask(ServerSession(listener("smtp", server.port)))
    assert (session.before, session.upgrade, session.tls) == ({}, None, None)


async def test_plain_text_in_place_of_a_handshake() -> None:
    script = (GREETING, hear("EHLO"), IN_CLEAR, hear("STARTTLS"), say("220 go\n"), hear(""))
    async with scripted((*script[:-1], say("250 hello\n" * 50), silence)) as server:
        with pytest.raises(Inconclusive, match=r"TLS handshake failed|did not answer"):
            await world(seconds=SOON).ask(ServerSession(listener("smtp", server.port)))


async def test_text_injected_before_tls_is_noticed_and_not_believed(
    authority: TestAuthority,
) -> None:
    injected = say("220 go\n250-evil.example\n250 AUTH PLAIN\n")
    script = (
        *(GREETING, hear("EHLO"), IN_CLEAR, hear("STARTTLS"), injected),
        *(tls(authority.server(HOST)), hear("EHLO"), IN_TLS, *ON_25),
    )
    async with scripted(script) as server:
        session = await world(authority.file).ask(ServerSession(listener("smtp", server.port)))
    assert session.probes["injection"].lines == ("250-evil.example",)
    assert session.ehlo_name == HOST


@pytest.mark.parametrize("last", ["250 STARTTLS", "250-STARTTLS\r\n250 DSN", "250 starttls"])
async def test_starttls_is_found_wherever_it_stands(last: str) -> None:
    ehlo = say(f"250-{HOST}\r\n{last}\r\n".encode())
    refused = (hear("STARTTLS"), say("454 later\n"))
    async with scripted((GREETING, hear("EHLO"), ehlo, *refused, *NO_RELAY)) as server:
        session = await world().ask(ServerSession(listener("smtp", server.port)))
    assert session.upgrade
    assert session.upgrade.is_temporary


async def test_a_hundred_thousand_keywords_are_bounded() -> None:
    many = say(b"250-" + HOST.encode() + b"\r\n" + b"250-X\r\n" * 10_000)
    async with scripted((GREETING, hear("EHLO"), many, silence)) as server:
        with pytest.raises(Inconclusive, match="more than 512 lines"):
            await world().ask(ServerSession(listener("smtp", server.port)))


ALICE, EVE = Envelope("", "alice@example.org"), Envelope("eve@evil.example", "a%b@example.org")


def tried(envelope: Envelope, reply: str) -> tuple[Step, ...]:
    return (
        *(hear(f"MAIL FROM:<{envelope.sender}>"), say("250 ok\n")),
        *(hear(f"RCPT TO:<{envelope.recipient}>"), say(reply)),
        *(hear("RSET"), say("250 ok\n")),
    )


def in_tls(authority: TestAuthority) -> tuple[Step, ...]:
    agreed = (hear("STARTTLS"), say("220 go\n"), tls(authority.server(HOST)))
    return (GREETING, hear("EHLO"), IN_CLEAR, *agreed, hear("EHLO"), IN_TLS)


async def test_envelopes_are_tried_in_one_session(authority: TestAuthority) -> None:
    script = (
        *in_tls(authority),
        *tried(ALICE, "250 ok\n"),
        *tried(EVE, "554 no\n"),
        *(hear("QUIT"), say("221 bye\n")),
    )
    async with scripted(script) as server:
        found = await world().ask(SmtpTransactions(listener("smtp", server.port), (ALICE, EVE)))
    assert found == {ALICE: Reply("250", ("ok",)), EVE: Reply("554", ("no",))}


async def test_a_server_that_has_enough_leaves_the_rest_untold(authority: TestAuthority) -> None:
    script = (*in_tls(authority), *tried(ALICE, "250 ok\n"), say("421 too many errors\n"))
    async with scripted(script) as server:
        found = await world().ask(SmtpTransactions(listener("smtp", server.port), (ALICE, EVE)))
    assert found in (
        {ALICE: Reply("250", ("ok",))},
        {ALICE: Reply("250", ("ok",)), EVE: Reply("421", ("too many errors",))},
    )


async def test_a_sender_that_is_refused_is_the_answer(authority: TestAuthority) -> None:
    script = (*in_tls(authority), hear("MAIL"), say("550 who?\n"), hear("QUIT"), say("221 bye\n"))
    async with scripted(script) as server:
        found = await world().ask(SmtpTransactions(listener("smtp", server.port), (EVE,)))
    assert found == {EVE: Reply("550", ("who?",))}


@pytest.mark.parametrize("limit", ["9" * 4300, "9" * 5000, "٣", "", "0"])
async def test_a_limit_that_is_none_is_not_tried(limit: str) -> None:
    """RFC 1870 §3 has 20 digits; nothing is sent, so there need be no connection."""
    nobody: Any = None
    assert await smtp.above_limit(nobody, "", {"SIZE": limit}) == {}
