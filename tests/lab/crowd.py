"""Many clients at once: idle sessions, silent connections, a storm of logins."""

import asyncio
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from mailconf.engine.load import Loaded, load, retargeted
from mailconf.engine.passwords import argon2id
from mailconf.lab import mail, peer, retrieval
from mailconf.lab.mail import Login
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT, listeners
from mailconf.lab.site import Site
from mailconf.model.endpoint import EndpointAddress
from tests.lab.flow import Bench, letter, until

SPECS = Path(__file__).parent / "specs"
USERS, SESSIONS, SILENT, LOGINS = 100, 1000, 150, 40
STEP_SECONDS = 60.0
RECIPIENT = ("MAIL FROM:<>", "RCPT TO:<alice@example.org>")
PASSWORDS = "/etc/dovecot/passwords"
WEB = (80, 443)
# Processes that verify passwords before anybody logs in.
READY = 4
# What a silent client has said before it falls silent.
UPGRADES = {
    25: b"EHLO x\r\nSTARTTLS\r\n",
    587: b"EHLO x\r\nSTARTTLS\r\n",
    143: b"a STARTTLS\r\n",
    110: b"STLS\r\n",
}
LIMITS = r"(process|client)_limit.* reached|[Ii]notify|Connection queue full|fd limit|lower than"
Seen = dict[str, Any]


def crowd(release: str) -> Loaded:
    found = retargeted(load(SPECS / "crowd.yaml"), release)
    people = {f"u{number}": {"password": "ref+env://X"} for number in range(USERS)}
    found.data["domains"]["example.org"]["mailboxes"] |= people
    return found


def with_real_hashes(site: Site) -> None:
    """Give the users of the storm hashes as `mailconf hash` makes them."""
    file = site.hosts["mail"].files[PASSWORDS]
    for number in range(LOGINS):
        address = f"u{number}@example.org"
        real = f"{address}:{argon2id(site.passwords[address])}"
        file.text = re.sub(rf"^{re.escape(address)}:.*$", lambda _: real, file.text, flags=re.M)  # noqa: B023


def with_slow_workers(site: Site) -> None:
    """Let each process that verifies passwords take seconds to start, as on a busy host."""
    file = site.hosts["mail"].files["/etc/dovecot/dovecot.conf"]
    command = "sleep${IFS}2;exec${IFS}/usr/lib/dovecot/auth${IFS}-w"
    file.text += f"\nservice auth-worker {{\n  executable = /bin/sh -c {command}\n}}\n"


def with_busy_logins(site: Site) -> None:
    with_real_hashes(site)
    with_slow_workers(site)


class Session:
    """An IMAP session that has logged in and waits for news (RFC 2177)."""

    def __init__(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        self._read, self._write = read, write

    @classmethod
    async def of(cls, at: EndpointAddress, context: ssl.SSLContext, login: Login) -> "Session":
        where = str(at.address), at.endpoint.port
        streams = asyncio.open_connection(*where, ssl=context, server_hostname=at.endpoint.host)
        session = cls(*await asyncio.wait_for(streams, STEP_SECONDS))
        await session.line()
        await session.command(f'a LOGIN "{login.address}" "{login.password}"', b"a OK")
        await session.command("b SELECT INBOX", b"b OK")
        await session.command("c IDLE", b"+")
        return session

    async def command(self, text: str, answer: bytes) -> None:
        self._write.write(f"{text}\r\n".encode())
        while not (line := await self.line()).startswith(answer):
            if line.startswith((b"a ", b"b ", b"c ", b"* BYE")):
                raise ConnectionError(line.decode())

    async def line(self) -> bytes:
        line = await asyncio.wait_for(self._read.readline(), STEP_SECONDS)
        if not line:
            raise ConnectionError("the connection ended")
        return line

    async def news(self) -> None:
        while not re.match(rb"\* [0-9]+ EXISTS", await self.line()):
            pass

    def close(self) -> None:
        self._write.transport.abort()


def idle(bench: Bench) -> Seen:
    """Hold 1,000 sessions open, then let one more user in, and see that news reach both."""
    return on_network_of(CLIENT, lambda: asyncio.run(_idle(bench)))


async def _idle(bench: Bench) -> Seen:
    at = bench.at("imap", "mail")
    logins = [bench.login(f"u{number % USERS}@example.org") for number in range(SESSIONS)]
    gate = asyncio.Semaphore(20)

    async def opened(login: Login) -> Session:
        async with gate:
            return await Session.of(at, bench.context, login)

    begun = time.monotonic()
    found = await asyncio.gather(*map(opened, logins), return_exceptions=True)
    sessions = [session for session in found if isinstance(session, Session)]
    seen: Seen = {"open": len(sessions), "seconds": time.monotonic() - begun}
    seen["refused"] = sorted(
        {repr(session) for session in found if not isinstance(session, Session)}
    )[:5]
    begun = time.monotonic()
    one_more = await Session.of(at, bench.context, bench.login("alice@example.org"))
    seen["one more"] = time.monotonic() - begun
    waits = {"alice": one_more, "u99": sessions[-1]}
    seen["news"] = {name: await _told(bench, name, waits[name]) for name in waits}
    for session in (*sessions, one_more):
        session.close()
    return seen


async def _told(bench: Bench, name: str, session: Session) -> float:
    message = letter(peer.USER, f"{name}@example.org")
    await asyncio.to_thread(bench.inject, message)
    begun = time.monotonic()
    await session.news()
    return time.monotonic() - begun


@contextmanager
def silent(address: str, ports: Iterator[int], count: int) -> Iterator[dict[int, int]]:
    """Hold connections that say nothing, or nothing after STARTTLS, on each port."""
    with ExitStack() as stack:
        held: dict[int, int] = {}
        for port in ports:
            held[port] = sum(_hold(stack, address, port, number) for number in range(count))
        yield held


def _hold(stack: ExitStack, address: str, port: int, number: int) -> bool:
    try:
        plain = stack.enter_context(socket.create_connection((address, port), 2))
        if number % 2:
            plain.sendall(UPGRADES.get(port, b""))
    except OSError:
        return False
    return True


def silence(bench: Bench) -> Seen:
    """Hold silent connections on all ports from the peer, while a client and a server come."""
    site = bench.lab.ours
    ports = sorted({point.port for point in site.endpoints} | set(WEB))
    address = str(site.hosts["mail"].host.addresses[0])
    seen: Seen = {}

    def hold() -> None:
        with silent(address, iter(ports), SILENT) as held:
            seen["held"] = {str(port): count for port, count in held.items()}
            seen["served"] = {name: _timed(work) for name, work in _served(bench, address).items()}

    on_network_of(peer.KEY, hold)
    return seen


def _served(bench: Bench, address: str) -> dict[str, Callable[[], Any]]:
    """Return what others do meanwhile, from the client's network."""
    alice, site = bench.login("alice@example.org"), bench.lab.ours
    work: dict[str, Callable[[], Any]] = {}
    for family in ("imap", "pop3"):
        for at in listeners(site, family):
            work[str(at)] = partial(retrieval.fetch, at, bench.context, alice, "nothing")
    for at in listeners(site, "submission"):
        work[str(at)] = partial(
            mail.submit, at, bench.context, alice, letter(alice.address, "bob@example.org")
        )
    for at in listeners(site, "smtp"):
        work[str(at)] = partial(mail.dialogue, at, bench.context, "client.example", RECIPIENT, None)
    for at in listeners(site, "sieve"):
        work[str(at)] = partial(mail.says_in_clear, at, ())
    for port in WEB:
        work[f"web {port}"] = partial(_web, bench, address, port)
    return work


def _web(bench: Bench, address: str, port: int) -> None:
    name = "mta-sts.example.org"
    with socket.create_connection((address, port), 10) as plain:
        client = bench.context.wrap_socket(plain, server_hostname=name) if port == 443 else plain
        client.sendall(f"GET / HTTP/1.0\r\nHost: {name}\r\n\r\n".encode())
        if not client.recv(12).startswith(b"HTTP/"):
            raise ConnectionError("no answer")


def _timed(work: Callable[[], Any]) -> Any:
    begun = time.monotonic()
    try:
        on_network_of(CLIENT, work)
    except Exception as why:
        return f"{type(why).__name__}: {why}"
    return time.monotonic() - begun


def storm(bench: Bench) -> Seen:
    """Let many users log in at once, twice, with hashes as real ones are.

    They come when Dovecot has started, and are the first who log in.
    """
    assert len(until(workers)) >= READY
    begun = time.monotonic()
    argon2id("a password")
    single = time.monotonic() - begun
    logins = [bench.login(f"u{number}@example.org") for number in range(LOGINS)]
    return {"hash": single, "storms": [_storm(bench, logins) for _ in range(2)]}


def workers() -> list[str]:
    """Return the processes that verify passwords, or nothing while there are few."""
    pattern = "/dovecot/auth -w$"
    found = subprocess.run(("pgrep", "-f", pattern), capture_output=True, text=True, check=False)
    pids = found.stdout.split()
    return pids if len(pids) >= READY else []


def _storm(bench: Bench, logins: list[Login]) -> Seen:
    at = bench.at("imap", "mail")

    def log_in(login: Login) -> str:
        try:
            on_network_of(CLIENT, partial(retrieval.fetch, at, bench.context, login, "nothing"))
        except (*retrieval.FAULTS, OSError) as why:
            return repr(why)
        return "in"

    begun = time.monotonic()
    with ThreadPoolExecutor(LOGINS) as pool:
        ended = list(pool.map(log_in, logins))
    return {
        "seconds": time.monotonic() - begun,
        "in": ended.count("in"),
        "failed": [e for e in ended if e != "in"][:3],
    }


def limits_met(bench: Bench) -> list[str]:
    """Return what the daemons have logged of limits."""
    with suppress(TimeoutError):
        return [
            str(entry) for entry in bench.lab.journal.since(0) if re.search(LIMITS, entry.text)
        ][:10]
    return []


# In this order: what silence leaves behind must not be in the way of the others.
EXPERIMENTS: dict[str, Callable[[Bench], Any]] = {
    "storm": storm,
    "idle": idle,
    "silence": silence,
    "limits": limits_met,
}
