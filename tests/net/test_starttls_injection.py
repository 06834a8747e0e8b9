"""Commands slipped in before TLS: servers that forget them, and servers that do not."""

import pytest

from mailconf.model.questions.tls import StarttlsInjection
from tests.net.asking import HOST, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import Step, hear, reset, say, scripted, tls

EHLO = (say(f"220 {HOST} ESMTP\n"), hear("EHLO"), say(f"250-{HOST}\n250 STARTTLS\n"))
BEGUN = (hear("MAIL FROM:<>"), say("250 ok\n"))
SIEVE = '"IMPLEMENTATION" "x"\n"STARTTLS"\nOK "ready"\n'
LISTED = '"IMPLEMENTATION" "x"\n"SASL" "PLAIN"\nOK "in TLS"\n'
# What is heard and said up to the handshake, and what is answered to the forgotten command.
DIALOGUES: dict[str, tuple[tuple[Step, ...], str, tuple[Step, ...]]] = {
    "smtp": (
        (*EHLO, *BEGUN, hear("STARTTLS"), hear("NOOP"), say("220 go\n")),
        "250 2.0.0 Ok\n",
        (hear("RCPT"), say("503 5.5.1 need MAIL\n"), hear("QUIT"), say("221 bye\n")),
    ),
    "imap": (
        (say("* OK hi\n"), hear("a1 STARTTLS"), hear("a2 NOOP"), say("a1 OK go\n")),
        "a2 OK done\n",
        (hear("a3 LOGOUT"), say("* BYE\na3 OK bye\n")),
    ),
    "pop3": (
        (say("+OK hi\n"), hear("STLS"), hear("NOOP"), say("+OK go\n")),
        "-ERR unknown command\n",
        (hear("QUIT"), say("+OK bye\n")),
    ),
    "managesieve": (
        (say(SIEVE), hear("STARTTLS"), hear("NOOP"), say('OK "go"\n')),
        'OK (TAG "mailconf-probe") "done"\n',
        (say(LISTED), hear("LOGOUT"), say('OK "bye"\n')),
    ),
}
families = pytest.mark.parametrize("name", DIALOGUES)


@families
async def test_a_server_that_forgets_the_command(name: str, authority: TestAuthority) -> None:
    before, _, after = DIALOGUES[name]
    async with scripted((*before, tls(authority.server(HOST)), *after)) as server:
        assert await world().ask(StarttlsInjection(listener(name, server.port))) == ""


@families
async def test_a_server_that_carries_it_out_inside_tls(name: str, authority: TestAuthority) -> None:
    before, answer, after = DIALOGUES[name]
    async with scripted((*before, tls(authority.server(HOST)), say(answer), *after)) as server:
        assert await world().ask(StarttlsInjection(listener(name, server.port))) == answer.strip()


@families
async def test_a_server_that_hangs_up_has_noticed(name: str) -> None:
    before, _, _ = DIALOGUES[name]
    async with scripted((*before[:-1], reset)) as server:
        assert await world().ask(StarttlsInjection(listener(name, server.port))) == ""


@families
async def test_a_server_that_takes_the_command_for_a_handshake(name: str) -> None:
    before, _, _ = DIALOGUES[name]
    async with scripted((*before, reset)) as server:
        assert await world().ask(StarttlsInjection(listener(name, server.port))) == ""


async def test_a_server_that_refuses_to_start_tls() -> None:
    refused = (hear("STARTTLS"), hear("NOOP"), say("554 5.5.0 out of turn\n250 ok\n"))
    script = (*EHLO, *BEGUN, *refused, hear("RSET"), say("250 ok\n"), *refused)
    async with scripted(script) as server:
        assert await world().ask(StarttlsInjection(listener("smtp", server.port))) == ""


NO_MAIL = (hear("MAIL FROM:<>"), say("530 5.7.0 TLS first\n"))
IN_TRANSACTION = (hear("STARTTLS"), hear("NOOP"), say("503 5.5.1 transaction\n250 ok\n"))
AGREED = (hear("STARTTLS"), hear("NOOP"), say("220 go\n"))
END = (hear("QUIT"), say("221 bye\n"))


@pytest.mark.parametrize(
    ("before", "inside", "told"),
    [
        pytest.param(
            (*BEGUN, *AGREED),
            (hear("RCPT TO:<postmaster>"), say("250 2.1.5 Ok\n"), *END),
            "250 2.1.5 Ok",
            id="a transaction is gone on with",
        ),
        pytest.param(
            (*BEGUN, *AGREED),
            (say("250 2.0.0 Ok\n"), hear("RCPT"), say("250 2.1.5 Ok\n"), *END),
            "250 2.0.0 Ok; 250 2.1.5 Ok",
            id="and the command carried out",
        ),
        pytest.param(
            (*BEGUN, *AGREED),
            (say("502 no\n"), hear("RCPT"), say("503 5.5.1 no\n"), *END),
            "502 no",
            id="the command is refused, and so remembered",
        ),
        pytest.param((*NO_MAIL, *AGREED), END, "", id="no mail before TLS"),
        pytest.param(
            (*NO_MAIL, *AGREED),
            (say("250 ok\n"), *END),
            "250 ok",
            id="but commands are carried out",
        ),
        pytest.param(
            (*BEGUN, *IN_TRANSACTION, hear("RSET"), say("250 ok\n"), *AGREED),
            (say("250 2.0.0 Ok\n"), *END),
            "250 2.0.0 Ok",
            id="no TLS in a transaction",
        ),
        pytest.param((*BEGUN, *AGREED), (hear("RCPT"),), "", id="it hangs up"),
    ],
)
async def test_what_smtp_servers_remember(
    before: tuple[Step, ...], inside: tuple[Step, ...], told: str, authority: TestAuthority
) -> None:
    async with scripted((*EHLO, *before, tls(authority.server(HOST)), *inside)) as server:
        assert await world().ask(StarttlsInjection(listener("smtp", server.port))) == told
