"""What must be refused, tried for real: as a stranger, and as a user who goes too far."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from mailconf.engine.run import Job
from mailconf.formats.postfix import MainCf
from mailconf.lab import mail, rules
from mailconf.lab.lab import Lab
from mailconf.lab.log import LabLog
from mailconf.lab.mail import Login
from mailconf.lab.network import on_network_of
from mailconf.lab.peer import DOMAIN as PEER_DOMAIN
from mailconf.lab.peer import HOSTNAME as PEER_HOSTNAME
from mailconf.lab.peer import KEY as PEER_MACHINE
from mailconf.lab.peer import STRANGER
from mailconf.lab.quota_probe import QuotaProbe, told
from mailconf.lab.roundtrip import CLIENT, listeners, submissions
from mailconf.lab.site import Site
from mailconf.model.domain import Domain
from mailconf.model.endpoint import EndpointAddress, Security
from mailconf.model.finding import Finding
from mailconf.model.questions.sessions import Reply
from mailconf.model.world import Inconclusive

NOBODY = "mailconf-lab-nobody"
# A mailbox no larger than this is filled, to see what happens then.
SMALL = 2_000_000
SEQUENCES = {
    "LF . LF": b"\n.\n",
    "LF . CR LF": b"\n.\r\n",
    "CR . CR": b"\r.\r",
}
OLD_VERSIONS = {"TLS 1.0": ssl.TLSVersion.TLSv1, "TLS 1.1": ssl.TLSVersion.TLSv1_1}
# Everything but what Mozilla's intermediate profile has.
WEAK_CIPHERS = "ALL:!ECDHE+AESGCM:!ECDHE+CHACHA20"
LOGINS = ("imap", "pop3", "sieve", "submission")


@dataclass(frozen=True, slots=True)
class NegativeChecks:
    """Everything the jobs need: our site, the context of clients, and the journal."""

    ours: Site
    context: ssl.SSLContext
    journal: LabLog

    def jobs(self) -> Iterator[Job]:
        """Yield the jobs of every listener, then those of every domain that has a mailbox."""
        for family in (*LOGINS, "smtp"):
            for at in listeners(self.ours, family):
                yield from self._old_tls(at)
        for family in LOGINS:
            for at in listeners(self.ours, family):
                yield self._weak_cipher(at)
        for domain in self.ours.build.spec.hosted:
            if domain.mailboxes:
                yield from self._as_stranger(domain)
                yield from self._as_user(domain)
                yield from self._when_full(domain)

    def _old_tls(self, at: EndpointAddress) -> Iterator[Job]:
        for name, version in OLD_VERSIONS.items():
            shake = partial(mail.handshake, at, version)
            found = partial(rules.OLD_TLS.at, at, at.endpoint.where, version=name)
            attempt = partial(self._handshake_fails, shake, found)
            yield Job("refused.old-tls", f"{at} {name}", attempt)

    def _weak_cipher(self, at: EndpointAddress) -> Job:
        shake = partial(mail.handshake, at, ssl.TLSVersion.TLSv1_2, WEAK_CIPHERS)
        found = partial(rules.WEAK_CIPHER.at, at, at.endpoint.where)
        return Job("refused.weak-cipher", str(at), partial(self._handshake_fails, shake, found))

    def _as_stranger(self, domain: Domain) -> Iterator[Job]:
        """On port 25: recipients that do not exist, mail that is too large, forged ends of data."""
        local = next(iter(domain.mailboxes))
        for at in listeners(self.ours, "smtp"):
            if not domain.catch_all:
                yield self._unknown(at, domain.address(NOBODY))
            yield self._too_large(at)
            for name, sequence in SEQUENCES.items():
                envelope = (f"MAIL FROM:<{STRANGER}>", f"RCPT TO:<{domain.address(local)}>")
                attempt = partial(self._goes_on, at, envelope, name, sequence)
                yield Job("refused.smuggling", f"{at} {name} in {domain.name}", attempt)

    def _unknown(self, at: EndpointAddress, address: str) -> Job:
        commands = (f"MAIL FROM:<{STRANGER}>", f"RCPT TO:<{address}>")
        say = partial(mail.dialogue, at, self.context, PEER_HOSTNAME, commands, None)
        found = partial(rules.UNKNOWN_ACCEPTED.at, at, at.endpoint.where, address=address)
        return Job("refused.unknown-recipient", f"{at} {address}", partial(self._ends, say, found))

    def _too_large(self, at: EndpointAddress) -> Job:
        size = 10 * self._size_limit(at)
        commands = (f"MAIL FROM:<{STRANGER}> SIZE={size}",)
        say = partial(mail.dialogue, at, self.context, PEER_HOSTNAME, commands, None)
        found = partial(rules.TOO_LARGE_ACCEPTED.at, at, at.endpoint.where, size=size)
        return Job("refused.too-large", f"{at} {size} octets", partial(self._ends, say, found))

    def _size_limit(self, at: EndpointAddress) -> int:
        """Return the message size limit that was rendered for a listener's host."""
        key = next(k for k, m in self.ours.hosts.items() if m.host.hostname == at.endpoint.host)
        path = PurePosixPath("hosts", key, "etc/postfix/main.cf")
        text = next(a.text for a in self.ours.build.artifacts if a.path == path)
        return int(MainCf.parse(text).values["message_size_limit"])

    def _as_user(self, domain: Domain) -> Iterator[Job]:
        """After, instead of and before the login: another's address, no login, no TLS."""
        local = next(iter(domain.mailboxes))
        user = domain.address(local)
        login = Login(user, self.ours.passwords[user])
        others = [d.address(m) for d in self.ours.build.spec.hosted for m in d.mailboxes]
        victim = next((a for a in others if a != user), f"postmaster@{PEER_DOMAIN}")
        for at in submissions(self.ours, domain):
            yield self._forged(at, login, victim)
            yield self._without_login(at)
        for family in LOGINS:
            for at in listeners(self.ours, family):
                if at.endpoint.security is Security.STARTTLS:
                    attempt = partial(self._no_clear_login, at, login)
                    yield Job("refused.plaintext-login", f"{at} as {user}", attempt)

    def _forged(self, at: EndpointAddress, login: Login, victim: str) -> Job:
        commands = (f"MAIL FROM:<{victim}>", f"RCPT TO:<{STRANGER}>")
        say = partial(mail.dialogue, at, self.context, "client", commands, login)
        facts = {"user": login.address, "victim": victim}
        found = partial(rules.FORGED.at, at, at.endpoint.where, **facts)
        subject = f"{at} {login.address} as {victim}"
        return Job("refused.forged-sender", subject, partial(self._ends, say, found))

    def _without_login(self, at: EndpointAddress) -> Job:
        """A foreign sender: one of ours would be refused for not being logged in as its owner."""
        commands = (f"MAIL FROM:<{STRANGER}>", f"RCPT TO:<{STRANGER}>")
        say = partial(mail.dialogue, at, self.context, "client", commands, None)
        found = partial(rules.WITHOUT_LOGIN.at, at, at.endpoint.where)
        return Job(
            "refused.unauthenticated", f"{at} as {STRANGER}", partial(self._ends, say, found)
        )

    def _when_full(self, domain: Domain) -> Iterator[Job]:
        for address, quota in _small(domain):
            for at in listeners(self.ours, "smtp"):
                fill = QuotaProbe(at, address, quota, self.context, self.journal)
                yield Job("refused.over-quota", f"{at} {address}", fill.attempt)

    async def _ends(
        self, say: Callable[[], Reply], found: Callable[..., Finding]
    ) -> AsyncIterator[Finding]:
        """Hold a dialogue that must end in a permanent refusal."""
        reply = told(say)
        if reply.is_temporary:
            raise Inconclusive(f"temporarily rejected instead of rejected: {reply}")
        if reply.is_positive:
            yield found(got=str(reply))

    async def _handshake_fails(
        self, shake: Callable[[], bool], found: Callable[[], Finding]
    ) -> AsyncIterator[Finding]:
        try:
            accepted = on_network_of(CLIENT, shake)
        except OSError as why:
            raise Inconclusive(str(why)) from None
        if accepted:
            yield found()

    async def _goes_on(
        self, at: EndpointAddress, envelope: tuple[str, ...], name: str, sequence: bytes
    ) -> AsyncIterator[Finding]:
        attempt = partial(mail.ends_early, at, self.context, PEER_HOSTNAME, envelope, sequence)
        try:
            early = on_network_of(PEER_MACHINE, attempt)
        except (smtplib.SMTPException, OSError) as why:
            raise Inconclusive(f"{type(why).__name__}: {why}") from None
        if early:
            yield rules.SMUGGLED.at(at, at.endpoint.where, sequence=name)

    async def _no_clear_login(self, at: EndpointAddress, login: Login) -> AsyncIterator[Finding]:
        commands = _clear_login(at, login)
        answer = on_network_of(CLIENT, partial(mail.says_in_clear, at, commands))
        if answer.startswith(("2", "a OK", "+OK", "OK")):
            yield rules.CLEAR_LOGIN.at(at, at.endpoint.where, got=answer)


def _clear_login(at: EndpointAddress, login: Login) -> tuple[str, ...]:
    """Return the commands of a login, in the protocol's own words."""
    token = base64.b64encode(f"\0{login.address}\0{login.password}".encode()).decode()
    return {
        "smtp": ("EHLO client.mailconf-lab.example", f"AUTH PLAIN {token}"),
        "imap": (f'a LOGIN "{login.address}" "{login.password}"',),
        "pop3": (f"USER {login.address}", f"PASS {login.password}"),
        "sieve": (f'AUTHENTICATE "PLAIN" "{token}"',),
    }[at.endpoint.protocol.family]


def _small(domain: Domain) -> Iterator[tuple[str, int]]:
    """Yield the mailboxes that can be filled, with their quota in octets."""
    for local, mailbox in domain.mailboxes.items():
        if mailbox.quota and mailbox.quota <= SMALL:
            yield domain.address(local), mailbox.quota


def empty(lab: Lab) -> None:
    """Empty the mailboxes that were filled: others write to them later."""
    spec = lab.ours.build.spec
    for domain in spec.hosted:
        store = spec.store_of(domain)
        for address, _ in _small(domain) if store else ():
            if store:
                lab.machines[store.key].run(
                    "doveadm", "expunge", "-u", address, "mailbox", "*", "all"
                )
