"""Real mail between the spec's hosts and the peer, in both directions, and what must be refused."""

from __future__ import annotations

import itertools
import smtplib
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial

from mailconf.engine.run import Job
from mailconf.formats.authentication_results import AuthenticationResults
from mailconf.lab import mail, retrieval, rules
from mailconf.lab.log import LabLog
from mailconf.lab.mail import Login
from mailconf.lab.network import on_network_of
from mailconf.lab.peer import DOMAIN as PEER_DOMAIN
from mailconf.lab.peer import HOSTNAME as PEER_HOSTNAME
from mailconf.lab.peer import KEY as PEER_MACHINE
from mailconf.lab.peer import STRANGER
from mailconf.lab.peer import USER as PEER_USER
from mailconf.lab.site import Site
from mailconf.model.client_services import lets_send
from mailconf.model.dmarc_policy import asks_to_reject
from mailconf.model.domain import Domain
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding, Rule
from mailconf.model.world import Inconclusive, NotApplicable

DELIVERY_SECONDS = 20.0
POLL_SECONDS = 0.05
# What the judges log when a method does not pass.
JUDGES_SAY = {
    "dkim": r"opendkim\[\d+\]: .*(failed|bad signature|error)",
    "spf": r"opendmarc\[\d+\]: .*SPF\(mailfrom\): \S+ (?!pass)",
    "dmarc": r"opendmarc\[\d+\]: \S+ \S+ (fail|none)",
}
METHODS = tuple(JUDGES_SAY)
CLIENT = "lab.client"
# More addresses of the client's machine: what is done from each counts against no other check.
# Dovecot counts wrong passwords for an IPv6 network of 48 bits, so guesses come from another one
# (RFC 9637, for documentation).
CROWDED = {4: "198.18.0.101", 6: "2001:2:0:1::100"}
GUESSING = {4: "198.18.0.102", 6: "3fff:fff:2::100"}
PLUGIN_CHECKS = {4: "198.18.0.103", 6: "3fff:fff:3::100"}


@dataclass(slots=True)
class ProbeMessages:
    """Messages by token: later jobs look for what earlier ones sent and fetched.

    `sent` holds where the journal stood when a message was handed in, `due` until when it has to be
    there, for whichever reader.
    """

    sent: dict[str, int] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)
    arrived: dict[str, EmailMessage] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def token(self) -> str:
        """Return a word that occurs in no other message."""
        return f"lab{time.time_ns():x}n{next(self.numbers)}"


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """Everything the jobs need: both sides, the context of clients, and the journal."""

    ours: Site
    theirs: Site
    context: ssl.SSLContext
    journal: LabLog
    letters: ProbeMessages = field(default_factory=ProbeMessages)

    def jobs(self) -> Iterator[Job]:
        """Yield the jobs of every hosted domain that has a mailbox, in the order to run them."""
        for domain in self.ours.build.spec.hosted:
            if domain.mailboxes:
                yield from self._domain_jobs(domain)

    def _domain_jobs(self, domain: Domain) -> Iterator[Job]:
        users = [domain.address(local) for local in domain.mailboxes]
        sender, recipient = users[0], users[-1]
        yield from self._outgoing(domain, sender)
        yield from self._incoming(recipient, tuple(self._readers(domain)))
        yield from self._refusals(sender, recipient)

    def _readers(self, domain: Domain) -> Iterator[EndpointAddress]:
        """Yield where the users of a domain read: at its own store."""
        store = self.ours.build.spec.store_of(domain)
        for family in ("imap", "pop3"):
            for at in listeners(self.ours, family):
                if store and at.endpoint.host == store.hostname:
                    yield at

    def _outgoing(self, domain: Domain, sender: str) -> Iterator[Job]:
        """A user submits over each offered port; the peer reads it and says how it judged it."""
        reader = next(iter(listeners(self.theirs, "imap")))
        for at in submissions(self.ours, domain):
            token = self.letters.token()
            message = mail.compose(sender, PEER_USER, token)
            login = Login(sender, self.ours.passwords[sender])
            send = partial(mail.submit, at, self.context, login, message)
            yield Job(
                "roundtrip.submit", f"{at} → {PEER_USER}", partial(self._sends, send, at, token)
            )
            yield self._read(reader, self.theirs, PEER_USER, token, f"{at} → {PEER_USER}")
            yield from self._judgements({PEER_HOSTNAME}, token, f"{at} → {PEER_USER}")

    def _incoming(self, recipient: str, readers: tuple[EndpointAddress, ...]) -> Iterator[Job]:
        """The peer answers; the recipient reads it over every offered IMAP and POP3 port."""
        at = next(iter(listeners(self.theirs, "submission")))
        token = self.letters.token()
        message = mail.compose(PEER_USER, recipient, token)
        login = Login(PEER_USER, self.theirs.passwords[PEER_USER])
        send = partial(mail.submit, at, self.context, login, message)
        yield Job(
            "roundtrip.reply", f"{PEER_USER} → {recipient}", partial(self._sends, send, at, token)
        )
        for reader in readers:
            yield self._read(reader, self.ours, recipient, token, f"{reader} as {recipient}")
        if not readers:
            return  # whoever could read it comes through a load balancer
        hosts = {host.hostname for host in self.ours.build.spec.hosts_with("mx", "backup-mx")}
        yield from self._judgements(hosts, token, f"{PEER_USER} → {recipient}")

    def _read(self, at: EndpointAddress, site: Site, user: str, token: str, subject: str) -> Job:
        login = Login(user, site.passwords[user])
        return Job("roundtrip.read", subject, partial(self._arrives, at, login, token))

    def _judgements(self, judges: set[str], token: str, subject: str) -> Iterator[Job]:
        for method in METHODS:
            judged = partial(self._passes, method, judges, token)
            yield Job(f"roundtrip.{method}", subject, judged)

    def _refusals(self, victim: str, recipient: str) -> Iterator[Job]:
        """The peer forges our sender, and tries to use us as its relay."""
        elsewhere = mail.compose(STRANGER, f"somebody@{PEER_DOMAIN}", self.letters.token())
        forged = mail.compose(victim, recipient, self.letters.token())
        for at in listeners(self.ours, "smtp"):
            spoof = partial(mail.inject, at, self.context, PEER_HOSTNAME, victim, forged)
            yield Job(
                "roundtrip.no-spoof",
                f"{at} as {victim}",
                partial(self._unspoofed, spoof, victim),
            )
            relay = partial(mail.inject, at, self.context, PEER_HOSTNAME, STRANGER, elsewhere)
            yield Job(
                "roundtrip.no-relay",
                f"{at} to {PEER_DOMAIN}",
                partial(self._refused, relay, rules.RELAYED),
            )

    async def _sends(
        self, send: Callable[[], None], at: EndpointAddress, token: str
    ) -> AsyncIterator[Finding]:
        mark = self.journal.mark()
        try:
            on_network_of(CLIENT, send)
        except (smtplib.SMTPException, OSError) as why:
            logged = self.journal.explanation(mark)
            yield rules.NOT_SENT.at(at, at.endpoint.where, why=_short(why), logged=logged)
        else:
            self.letters.sent[token] = mark
            self.letters.due[token] = time.monotonic() + DELIVERY_SECONDS

    async def _arrives(
        self, at: EndpointAddress, login: Login, token: str
    ) -> AsyncIterator[Finding]:
        """Look until the message is there; stop early when the log says that it will not come."""
        if token not in self.letters.sent:
            raise Inconclusive("the message was not sent")
        mark, end = self.letters.sent[token], self.letters.due[token]
        fetch = partial(retrieval.fetch, at, self.context, login, token)
        while True:
            try:
                message = on_network_of(CLIENT, fetch)
            except (OSError, *retrieval.FAULTS) as why:
                logged = self.journal.explanation(mark)
                yield rules.NOT_READ.at(at, at.endpoint.where, why=_short(why), logged=logged)
                return
            if message is not None:
                self.letters.arrived[token] = message
                return
            if self._is_lost(mark) or time.monotonic() > end:
                logged = self.journal.explanation(mark)
                yield rules.NOT_DELIVERED.at(at, at.endpoint.where, logged=logged)
                return
            with self.journal.arrived:
                self.journal.arrived.wait(POLL_SECONDS)

    def _is_lost(self, mark: int) -> bool:
        """Tell whether the log says that a message was deferred or bounced."""
        texts = (entry.text for entry in self.journal.since(mark))
        return any("status=deferred" in text or "status=bounced" in text for text in texts)

    async def _passes(self, method: str, judges: set[str], token: str) -> AsyncIterator[Finding]:
        message = self.letters.arrived.get(token)
        if message is None:
            raise Inconclusive("the message did not arrive")
        texts = message.get_all("Authentication-Results", [])
        fields = [AuthenticationResults.parse_leniently(text)[0] for text in texts]
        said = [f for f in fields if f.authserv_id in judges]
        results = [one.result for f in said for one in f.results if one.method == method]
        if "pass" not in results or "fail" in results:
            got = ", ".join(map(str, said)) or "no Authentication-Results"
            host = " or ".join(sorted(judges))
            line = self.journal.last(JUDGES_SAY[method], self.letters.sent[token])
            logged = f"; log: {line}" if line else ""
            yield rules.NOT_AUTHENTIC.at(token, method=method, host=host, got=got, logged=logged)

    async def _unspoofed(self, spoof: Callable[[], None], victim: str) -> AsyncIterator[Finding]:
        """Forged mail is refused where the policy of its author's domain asks for that."""
        domain = victim.rpartition("@")[2]
        if not asks_to_reject(self.ours.build.records, domain):
            raise NotApplicable(f"the DMARC policy of {domain} is not reject")
        async for finding in self._refused(spoof, rules.SPOOFED):
            yield finding

    async def _refused(self, attempt: Callable[[], None], rule: Rule) -> AsyncIterator[Finding]:
        try:
            on_network_of(PEER_MACHINE, attempt)
        except smtplib.SMTPResponseException as reply:
            if not 500 <= reply.smtp_code < 600:  # noqa: PLR2004, RFC 5321 §4.2.1
                raise Inconclusive(
                    f"temporarily rejected instead of rejected: {_short(reply)}"
                ) from None
        except smtplib.SMTPRecipientsRefused as replies:
            code, text = next(iter(replies.recipients.values()))
            if not 500 <= code < 600:  # noqa: PLR2004, RFC 5321 §4.2.1
                raise Inconclusive(
                    f"temporarily rejected instead of rejected: {code} {text!r}"
                ) from None
        except OSError as why:
            raise Inconclusive(_short(why)) from None
        else:
            yield rule.at("port 25")


def listeners(site: Site, what: str) -> Iterator[EndpointAddress]:
    """Yield the listeners of a family, or of a use: `submission` and `smtp` exclude each other."""
    for endpoint in site.endpoints:
        protocol = endpoint.protocol
        use = "submission" if protocol.is_submission else protocol.family
        if use == what:
            yield from (EndpointAddress(endpoint, address) for address in endpoint.addresses)


def submissions(site: Site, domain: Domain) -> Iterator[EndpointAddress]:
    """Yield the submission listeners that let the users of a domain in."""
    spec = site.build.spec
    for at in listeners(site, "submission"):
        host = spec.host_named(at.endpoint.host)
        if host and lets_send(spec, host, domain):
            yield at


def _short(why: Exception) -> str:
    return f"{type(why).__name__}: {why}"
