"""Commands slipped in before TLS: servers that forget them, and servers that do not."""

import pytest

from tests.net.asking import HOST, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import Step, hear, reset, say, scripted, tls

EHLO = (say(f"220 {HOST} ESMTP\n"), hear("EHLO"), say(f"250-{HOST}\n250 STARTTLS\n"))
SIEVE = '"IMPLEMENTATION" "x"\n"STARTTLS"\nOK "ready"\n'
LISTED = '"IMPLEMENTATION" "x"\n"SASL" "PLAIN"\nOK "in TLS"\n'
# What is heard and said up to the handshake, and what is answered to the forgotten command.
DIALOGUES: dict[str, tuple[tuple[Step, ...], str, tuple[Step, ...]]] = {
    "smtp": (
        (*EHLO, hear("STARTTLS"), hear("NOOP"), say("220 go\n")),
        "250 2.0.0 Ok\n",
        (hear("QUIT"), say("221 bye\n")),
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
        assert await world().injected(listener(name, server.port)) == ""


@families
async def test_a_server_that_carries_it_out_inside_tls(name: str, authority: TestAuthority) -> None:
    before, answer, after = DIALOGUES[name]
    async with scripted((*before, tls(authority.server(HOST)), say(answer), *after)) as server:
        assert await world().injected(listener(name, server.port)) == answer.strip()


@families
async def test_a_server_that_hangs_up_has_noticed(name: str) -> None:
    before, _, _ = DIALOGUES[name]
    async with scripted((*before[:-1], reset)) as server:
        assert await world().injected(listener(name, server.port)) == ""


@families
async def test_a_server_that_takes_the_command_for_a_handshake(name: str) -> None:
    before, _, _ = DIALOGUES[name]
    async with scripted((*before, reset)) as server:
        assert await world().injected(listener(name, server.port)) == ""


async def test_a_server_that_refuses_to_start_tls() -> None:
    script = (*EHLO, hear("STARTTLS"), hear("NOOP"), say("554 5.5.0 out of turn\n"))
    async with scripted(script) as server:
        assert await world().injected(listener("smtp", server.port)) == ""
