"""ManageSieve sessions: the facts they show, honest servers and others."""

import asyncio
import base64

import pytest

from mailconf.model.questions.sessions import Reply, ServerSession
from mailconf.model.world import Inconclusive
from tests.net.asking import HOST, SOON, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import Step, hear, say, scripted, silence, tls

CLEAR = (
    '"IMPLEMENTATION" "Dovecot Pigeonhole"\n"SIEVE" "fileinto vacation"\n"STARTTLS"\n"SASL" ""\n'
)
FULL = '"IMPLEMENTATION" "Dovecot Pigeonhole"\n"SASL" "PLAIN LOGIN"\n"VERSION" "1.0"\n'
BARE = '"IMPLEMENTATION" "Dovecot Pigeonhole"\n"VERSION" "1.0"\n'
NO_LOGIN = (hear('AUTHENTICATE "PLAIN" "'), say('NO "not in clear"\n'))
UP_TO_TLS = (
    *(say(f'{CLEAR}OK "ready"\n'), hear("CAPABILITY"), say(f'{CLEAR}OK "done"\n'), *NO_LOGIN),
    hear("STARTTLS"),
)
BYE = (hear("LOGOUT"), say('OK "bye"\n'))


def keep(heard: list[str]) -> Step:
    """Keep every line until the other side hangs up."""

    async def step(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            heard.append(line.decode().strip())

    return step


async def test_a_polite_server(authority: TestAuthority) -> None:
    unasked = (say('OK "go"\n'), tls(authority.server(HOST)), say(f'{FULL}OK "inside"\n'))
    async with scripted((*UP_TO_TLS, *unasked, *BYE)) as server:
        session = await world(authority.file).ask(
            ServerSession(listener("managesieve", server.port))
        )
    assert session.greeting == Reply("OK", ('"ready"',))
    assert session.before == {
        "IMPLEMENTATION": "DOVECOT PIGEONHOLE",
        "SIEVE": "FILEINTO VACATION",
        "STARTTLS": "",
        "SASL": "",
    }
    assert session.after == {
        "IMPLEMENTATION": "DOVECOT PIGEONHOLE",
        "SASL": "PLAIN LOGIN",
        "VERSION": "1.0",
    }
    assert session.probes["login before TLS"] == Reply("NO", ('"not in clear"',))
    assert session.tls
    assert (session.tls.names, session.tls.fault) == ((HOST,), "")


async def test_capabilities_inside_tls_are_not_asked_for(authority: TestAuthority) -> None:
    heard: list[str] = []
    unasked = (say("OK\n"), tls(authority.server(HOST)), say(f"{FULL}OK\n"), keep(heard))
    async with scripted((*UP_TO_TLS, *unasked)) as server:
        await world(authority.file).ask(ServerSession(listener("managesieve", server.port)))
    assert heard == ["LOGOUT"]


async def test_the_login_before_tls_is_nobodys() -> None:
    heard: list[str] = []
    script = (say(f"{BARE}OK\n"), hear("CAPABILITY"), say(f"{BARE}OK\n"), keep(heard))
    async with scripted(script) as server:
        with pytest.raises(Inconclusive):
            await world(seconds=SOON).ask(ServerSession(listener("managesieve", server.port)))
    command, mechanism, credentials = heard[0].split()
    assert (command, mechanism) == ("AUTHENTICATE", '"PLAIN"')
    dummy = base64.b64decode(credentials.strip('"'))
    assert dummy == b"\0mailconf-probe\0mailconf-probe"


async def test_starttls_not_offered_is_a_fact() -> None:
    script = (say(f"{BARE}OK\n"), hear("CAPABILITY"), say(f"{BARE}OK\n"), *NO_LOGIN, *BYE)
    async with scripted(script) as server:
        session = await world().ask(ServerSession(listener("managesieve", server.port)))
    assert session.before == {"IMPLEMENTATION": "DOVECOT PIGEONHOLE", "VERSION": "1.0"}
    assert (session.upgrade, session.tls, session.after) == (None, None, {})


async def test_starttls_refused_is_a_fact() -> None:
    async with scripted((*UP_TO_TLS, say('NO "later"\n'), *BYE)) as server:
        session = await world().ask(ServerSession(listener("managesieve", server.port)))
    assert session.upgrade == Reply("NO", ('"later"',))
    assert (session.tls, session.after) == (None, {})


async def test_a_login_that_is_taken_in_clear_is_a_fact(authority: TestAuthority) -> None:
    script = (
        *(say(f"{CLEAR}OK\n"), hear("CAPABILITY"), say(f"{CLEAR}OK\n")),
        *(hear("AUTHENTICATE"), say('OK "welcome"\n'), hear("STARTTLS"), say("OK\n")),
        *(tls(authority.server(HOST)), say(f"{FULL}OK\n"), *BYE),
    )
    async with scripted(script) as server:
        session = await world(authority.file).ask(
            ServerSession(listener("managesieve", server.port))
        )
    assert session.probes["login before TLS"].is_positive


async def test_text_injected_before_tls_is_noticed_and_not_believed(
    authority: TestAuthority,
) -> None:
    injected = say('OK "go"\n"SASL" "EVIL"\nOK\n')
    after = (injected, tls(authority.server(HOST)), say(f"{FULL}OK\n"), *BYE)
    async with scripted((*UP_TO_TLS, *after)) as server:
        session = await world(authority.file).ask(
            ServerSession(listener("managesieve", server.port))
        )
    assert session.probes["injection"].lines == ('"SASL" "EVIL"',)
    assert session.after["SASL"] == "PLAIN LOGIN"


async def test_names_and_statuses_have_no_case(authority: TestAuthority) -> None:
    script = (
        *(say('"StartTls"\nok\n'), hear("CAPABILITY"), say('"StartTls"\nOk\n')),
        *(hear("AUTHENTICATE"), say("no\n"), hear("STARTTLS"), say("ok\n")),
        *(tls(authority.server(HOST)), say('"sasl" "plain"\nok\n'), *BYE),
    )
    async with scripted(script) as server:
        session = await world(authority.file).ask(
            ServerSession(listener("managesieve", server.port))
        )
    assert (session.before, session.after) == ({"STARTTLS": ""}, {"SASL": "PLAIN"})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param('BYE "too many connections"\n', "closed the session", id="bye"),
        pytest.param('NO "try later"\n', "refuses the session", id="refusal"),
        pytest.param("* OK IMAP4rev1 ready\n", "which is not ManageSieve", id="imap on the port"),
        pytest.param("+OK ready\n", "which is not ManageSieve", id="pop3 on the port"),
        pytest.param(f"220 {HOST} ESMTP\n", "which is not ManageSieve", id="smtp on the port"),
        pytest.param('"SIEVE" "x"\nwhat?\n', "which is not ManageSieve", id="odd line in a list"),
        pytest.param('"X"\n' * 600, "more than 512 capabilities", id="long list"),
        pytest.param('"SIEVE" "x"\n', "did not answer", id="list without a status"),
        pytest.param("OK\nOK\n", "did not answer", id="no word about the login"),
    ],
)
async def test_what_cannot_be_told(said: str, told: str) -> None:
    async with scripted((say(said), silence)) as server:
        with pytest.raises(Inconclusive, match=told):
            await world(seconds=SOON).ask(ServerSession(listener("managesieve", server.port)))


async def test_no_word_inside_tls_cannot_be_told(authority: TestAuthority) -> None:
    context = authority.server(HOST)
    async with scripted((*UP_TO_TLS, say("OK\n"), tls(context), silence)) as server:
        with pytest.raises(Inconclusive, match="did not answer"):
            await world(authority.file, SOON).ask(
                ServerSession(listener("managesieve", server.port))
            )
