"""What a server shows to a user who has logged in: over IMAP, POP3, ManageSieve and submission."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

from mailconf.model.endpoint import Family
from mailconf.model.finding import Finding
from mailconf.model.plugin import Check
from mailconf.model.questions.logins import AuthenticatedSession
from mailconf.model.questions.sessions import Reply, Session
from mailconf.model.world import ConnectionRejected, Inconclusive, World
from mailconf.plugins.round_trip import rules
from mailconf.plugins.round_trip.places import LoginAt, Options, logins

# What the rendered servers have after a login, of what mail programs look for.
EXPECTED: dict[Family, tuple[str, ...]] = {
    "imap": (
        "IMAP4REV1", "IDLE", "NAMESPACE", "SPECIAL-USE", "UIDPLUS", "MOVE", "CONDSTORE", "ESEARCH",
    ),
    "pop3": ("UIDL", "TOP", "PIPELINING", "RESP-CODES"),
}  # fmt: skip
USES = ("\\Archive", "\\Drafts", "\\Junk", "\\Sent", "\\Trash")
# Probe and the command that it is the answer to.
COMMANDS = {"namespace": "NAMESPACE", "inbox": "EXAMINE INBOX", "idle": "IDLE", "top": "TOP",
            "uidl": "UIDL", "scripts": "LISTSCRIPTS"}  # fmt: skip
LATER = ("UNAVAILABLE", "LIMIT", "INUSE", "SYS/TEMP", "IN-USE")
"""Codes of refusals that are not about the password (RFC 5530 §3, RFC 3206 §4, RFC 2449 §8)."""


def everywhere(view: Options) -> Iterator[LoginAt]:
    """Yield every account at every service that takes logins."""
    return logins(view, "smtp", "imap", "pop3", "sieve")


def readers(view: Options) -> Iterator[LoginAt]:
    """Yield every account wherever mail is read."""
    return logins(view, "imap", "pop3")


def with_wrong_password(view: Options) -> Iterator[LoginAt]:
    """Yield one account at one service to read at and one to send at: servers count failures."""
    for found in (logins(view, "imap", "pop3"), logins(view, "smtp")):
        for one in islice(found, 1):
            yield replace(one, account=replace(one.account, password=""))


async def inside(one: LoginAt, world: World) -> Session:
    """Return what a login shows; raises ConnectionRejected when there was none, which another check tells."""
    session = await world.ask(AuthenticatedSession(one.at, one.account))
    answer = session.probes["login"]
    if not answer.is_positive:
        raise ConnectionRejected(f"the login of {one.account} is rejected: {answer}")
    return session


async def is_let_in(_: Options, one: LoginAt, world: World) -> AsyncIterator[Finding]:
    """Log in."""
    answer = (await world.ask(AuthenticatedSession(one.at, one.account))).probes["login"]
    if _is_for_later(answer):
        raise Inconclusive(f"{one.at} temporarily rejects logins: {answer}")
    if not answer.is_positive:
        yield rules.LOGIN_REFUSED.at(one, one.where, account=one.account, got=answer)


def _is_for_later(answer: Reply) -> bool:
    return answer.is_temporary or any(f"[{code}]" in str(answer).upper() for code in LATER)


async def is_kept_out(_: Options, one: LoginAt, world: World) -> AsyncIterator[Finding]:
    """Try a password that is nobody's."""
    answer = (await world.ask(AuthenticatedSession(one.at, one.account))).probes["login"]
    if answer.is_positive:
        yield rules.ANY_PASSWORD.at(one, one.where, address=one.account.address, got=answer)


async def has_capabilities(_: Options, one: LoginAt, world: World) -> AsyncIterator[Finding]:
    """Compare what is offered after the login with what the rendered server has."""
    offered = (await inside(one, world)).after
    expected = EXPECTED[one.at.endpoint.protocol.family]
    missing = " ".join(word for word in expected if word not in offered)
    if missing:
        yield rules.NO_CAPABILITY.at(one, one.where, missing=missing)


async def keeps_word(_: Options, one: LoginAt, world: World) -> AsyncIterator[Finding]:
    """See that what is offered works."""
    probes = (await inside(one, world)).probes
    for probe, command in COMMANDS.items():
        if probe in probes and not probes[probe].is_positive:
            yield rules.FAILS.at(one, one.where, command=command, got=probes[probe])


async def has_folders(_: Options, one: LoginAt, world: World) -> AsyncIterator[Finding]:
    """Look for the folders that mail programs file in."""
    listed = (await inside(one, world)).probes.get("special-use")
    if not listed:
        return  # that it is not offered is told elsewhere
    words = {word.lower().strip("()") for line in listed.lines for word in line.split()}
    missing = ", ".join(use for use in USES if use.lower() not in words)
    if missing:
        yield rules.NO_FOLDER.at(one, one.where, uses=missing)


async def sends_as_itself(_: Options, one: LoginAt, world: World) -> AsyncIterator[Finding]:
    """See that a user cannot send in the name of others."""
    answer = (await inside(one, world)).probes["foreign sender"]
    if answer.is_temporary:
        raise Inconclusive(f"{one.at} temporarily rejects the message: {answer}")
    if answer.is_positive:
        facts = {"address": one.account.address, "sender": one.account.other, "got": answer}
        yield rules.FOREIGN_SENDER.at(one, one.where, **facts)


async def keeps_limit(_: Options, one: LoginAt, world: World) -> AsyncIterator[Finding]:
    """Announce a message above the limit."""
    session = await inside(one, world)
    answer = session.probes.get("too large")
    if answer and answer.is_positive:
        limit = session.after.get("SIZE", "")
        yield rules.NO_LIMIT.at(one, one.where, limit=limit, got=answer)


def at_imap(view: Options) -> Iterator[LoginAt]:
    """Yield every account wherever mail is read by IMAP."""
    return logins(view, "imap")


def at_submission(view: Options) -> Iterator[LoginAt]:
    """Yield every account wherever users send."""
    return logins(view, "smtp")


_check = partial(Check, intrusive=True)


ACCESS = (
    _check("login.accepted", "Users can log in.", everywhere, is_let_in),
    _check(
        "login.wrong-password",
        "A wrong password is rejected.",
        with_wrong_password,
        is_kept_out,
        former=("login.refused",),
    ),
    _check(
        "login.capabilities",
        "The capabilities after login include what mail clients need.",
        readers,
        has_capabilities,
    ),
    _check("login.commands", "Announced commands work.", everywhere, keeps_word),
    _check(
        "login.special-use",
        "Special-use folders exist (RFC 6154).",
        at_imap,
        has_folders,
        former=("login.folders",),
    ),
    _check(
        "login.foreign-sender",
        "Users cannot use another sender address.",
        at_submission,
        sends_as_itself,
        former=("login.sender",),
    ),
    _check(
        "login.size-limit",
        "The message size limit is enforced.",
        at_submission,
        keeps_limit,
        former=("login.size",),
    ),
)
