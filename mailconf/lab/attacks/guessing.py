"""Wrong passwords from one address: they are slowed, and slow nobody else."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab.attacks import abuse
from mailconf.lab.attacks.scene import Scene, trusting
from mailconf.lab.mail import Login
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT, GUESSING, submissions
from mailconf.model.endpoint import EndpointAddress, Security
from mailconf.model.finding import Finding
from mailconf.model.host import Host
from mailconf.model.spec import Spec
from mailconf.model.world import Inconclusive

AT_ONCE = 2
COUNT, ASKED_COUNT = 2 * AT_ONCE, 3 * AT_ONCE
"""Guesses where mailboxes lie, and where another host is asked, on which less of the delay is left.

Those that are under way at once may count as one: two ask for a delay of 8 s, three for the longest.
"""
TRIES = 3
SECONDS = 20.0
REFUSED = 535
"""The reply to wrong passwords (RFC 4954 §6): for the right one it has another cause than guesses."""


@dataclass(frozen=True, slots=True)
class Way:
    """How many guesses there are to be, and whether the host counts them against their address."""

    count: int
    counts: bool


Found = tuple[str, str]
"""How the login of another client ended, then that of the guesser; empty where it is as it must be."""


def jobs(scene: Scene) -> Iterator[Job]:
    """Yield a job for the first submission service of each host, as the first user that it lets in."""
    seen, spec = set(), scene.ours.build.spec
    for domain in spec.hosted:
        for at in submissions(scene.ours, domain) if domain.mailboxes else ():
            host = spec.host_named(at.endpoint.host)
            if host and host.key not in seen:
                seen.add(host.key)
                login = scene.login(domain.address(next(iter(domain.mailboxes))))
                attempt = partial(_slowed_alone, at, login, _way(spec, host))
                yield Job("attack.guessing", f"{at} as {login.address}", attempt)


def _way(spec: Spec, host: Host) -> Way:
    """Return how a host finds out, and whether it counts: for hosts that ask it, it cannot."""
    if not host.is_("mailstore"):
        return Way(ASKED_COUNT, counts=True)
    return Way(COUNT, counts=not spec.asking_for_logins(host))


async def _slowed_alone(at: EndpointAddress, login: Login, way: Way) -> AsyncIterator[Finding]:
    """Guess, then let the guesser and another client log in.

    Whoever logs in at once may have come when the delay was over, on a host with much to do: one that
    counts nothing lets in the guesser every time.
    """
    for _ in range(TRIES):
        other, guesser = on_network_of(CLIENT, partial(_after_guesses, at, login, way.count))
        if other or not (guesser and way.counts):
            break
    if other:
        yield abuse.DELAYED.at(at, at.endpoint.where, count=way.count, got=other)
    if guesser and way.counts:
        yield abuse.NOT_SLOWED.at(at, at.endpoint.where, count=way.count, got=guesser)


def _after_guesses(at: EndpointAddress, login: Login, count: int) -> Found:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        inside = partial(on_network_of, CLIENT)
        for made in range(count // AT_ONCE):
            wrong = [Login(login.address, f"wrong {made} {one}") for one in range(AT_ONCE)]
            list(pool.map(lambda one: inside(partial(_guess, at, one, SECONDS)), wrong))
        late = pool.submit(inside, partial(_guess, at, login, abuse.SLOWED_SECONDS))
        return _right(at, login), late.result()


def _guess(at: EndpointAddress, login: Login, seconds: float) -> str:
    """Return the reply to a login from the guesser's address, or an empty text when it is late."""
    try:
        with _connected(at, trusting(), SECONDS, (GUESSING[at.address.version], 0)) as client:
            client.ehlo_or_helo_if_needed()
            if client.sock:
                client.sock.settimeout(seconds)
            _log_in(client, login)
            return "a login"
    except smtplib.SMTPAuthenticationError as why:
        return f"{why.smtp_code} {why.smtp_error!r}"
    except (smtplib.SMTPException, OSError):
        return ""


def _log_in(client: smtplib.SMTP, login: Login) -> None:
    """Try once: `login` tries one mechanism after the other, and each try costs a delay."""
    client.user, client.password = login.address, login.password
    client.auth("PLAIN", client.auth_plain)


def _connected(
    at: EndpointAddress, context: ssl.SSLContext, seconds: float, source: tuple[str, int] | None
) -> smtplib.SMTP:
    target = str(at.address), at.endpoint.port
    if at.endpoint.security is Security.IMPLICIT_TLS:
        return smtplib.SMTP_SSL(
            *target, "client", timeout=seconds, context=context, source_address=source
        )
    client = smtplib.SMTP(*target, "client", seconds, source)
    client.starttls(context=context)
    return client


def _right(at: EndpointAddress, login: Login) -> str:
    """Return what is wrong with the login of another client, or an empty text; raises Inconclusive.

    Only the login counts: how soon a connection is served is no matter of passwords.
    """
    try:
        with _connected(at, trusting(), SECONDS, None) as client:
            client.ehlo_or_helo_if_needed()
            begun = time.monotonic()
            _log_in(client, login)
            taken = time.monotonic() - begun
    except smtplib.SMTPAuthenticationError as why:
        if why.smtp_code == REFUSED:
            raise Inconclusive(f"{at}: the right password is refused: {why}") from None
        return f"deferred: {why}"
    except (smtplib.SMTPException, OSError) as why:
        return f"{type(why).__name__}: {why}"
    return f"accepted after {taken:.1f} s" if taken > abuse.LOGIN_SECONDS else ""
