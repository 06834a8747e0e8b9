"""A whole message judged as a receiver would: SPF, every DKIM signature, DMARC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from mailconf.formats.authentication_results import AuthenticationResults
from mailconf.formats.mailboxes import addresses
from mailconf.formats.names import DomainNameError, a_labels
from mailconf.mailauth import arc, dkim, dmarc, spf
from mailconf.mailauth.arc import ArcResult
from mailconf.mailauth.canonical import Message, unfolded
from mailconf.mailauth.dkim import DkimResult
from mailconf.mailauth.dmarc import Evaluation
from mailconf.mailauth.spf import SpfResult
from mailconf.model.world import World

RECEIVED = re.compile(
    r"from\s+(?P<helo>\S+)\s+\((?:[^()\[\]]*?)\[(?:IPv6:)?(?P<ip>[0-9A-Fa-f.:]+)\]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the receiving host knew: the client's address, its HELO name, and MAIL FROM.

    `source` says where that was read.
    """

    ip: str
    helo: str
    mail_from: str
    source: str = "given"

    @property
    def domain(self) -> str:
        """The domain that SPF is about: of MAIL FROM, of HELO when that is empty (RFC 7208 §2.4)."""
        return self.mail_from.rpartition("@")[2] or self.helo


@dataclass(frozen=True, slots=True)
class Inspection:
    """All verdicts on one message; `spf` is None when the client is not known.

    `authors` are the domains of From: DMARC wants exactly one (RFC 9989 §5). `said` is what the
    message's own Authentication-Results fields claim.
    """

    authors: tuple[str, ...]
    envelope: Envelope | None
    spf: SpfResult | None
    dkim: tuple[DkimResult, ...]
    dmarc: Evaluation | None
    arc: ArcResult
    said: tuple[AuthenticationResults, ...]

    @property
    def results(self) -> dict[str, set[str]]:
        """The results of each method (RFC 8601 §2.7), none where it was not evaluated."""
        return {
            "spf": {str(self.spf.result)} if self.spf else set(),
            "dkim": {str(one.result) for one in self.dkim} or {"none"},
            "dmarc": {str(self.dmarc.result)} if self.dmarc else set(),
            "arc": {str(self.arc.result)},
        }


async def inspect(octets: bytes, world: World, envelope: Envelope | None = None) -> Inspection:
    """Judge a message; without an envelope it is read from the topmost trace of another host.

    Raises Inconclusive for nothing: what DNS does not answer is a temperror.
    """
    message = Message.of(octets)
    envelope = envelope or traced(message)
    judged = await _spf(envelope, world)
    signatures = await dkim.verify(octets, world)
    domains = authors(message)
    passed_spf = [envelope.domain] if envelope and judged and judged.result == "pass" else []
    passed_dkim = [one.domain for one in signatures if one.result == "pass"]
    verdict = None
    if len(domains) == 1:
        verdict = await dmarc.evaluate(domains[0], world, passed_spf, passed_dkim)
    said = tuple(_said(message))
    chain = await arc.validate(octets, world)
    return Inspection(domains, envelope, judged, signatures, verdict, chain, said)


async def _spf(envelope: Envelope | None, world: World) -> SpfResult | None:
    if envelope is None:
        return None
    return await spf.check_host(envelope.ip, envelope.mail_from, envelope.helo, world)


def authors(message: Message) -> tuple[str, ...]:
    """Return the domains of all addresses in all From fields, each once."""
    fields = (unfolded(field.partition(b":")[2]) for field in message.named("from"))
    domains = (found.rpartition("@")[2] for field in fields for found in addresses(field))
    return tuple(dict.fromkeys(name for domain in domains if (name := _name(domain))))


def _name(domain: str) -> str:
    try:
        return a_labels(domain)
    except DomainNameError:
        return ""


def traced(message: Message) -> Envelope | None:
    """Return what the message's own trace says: Return-Path, and who handed it over from outside."""
    mail_from = next(addresses(message.value("return-path")), "")
    for field in message.named("received"):
        match = RECEIVED.search(unfolded(field.partition(b":")[2]))
        if match and _is_public(match["ip"]):
            return Envelope(match["ip"], match["helo"], mail_from, "Received and Return-Path")
    return None


def _is_public(text: str) -> bool:
    try:
        ip = ip_address(text)
    except ValueError:
        return False
    return not (ip.is_loopback or (ip.is_private and not _is_documentation(text)))


def _is_documentation(text: str) -> bool:
    """Addresses of examples are private by the book, and public in every example."""
    return text.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"))


def _said(message: Message) -> Iterator[AuthenticationResults]:
    for field in message.named("authentication-results"):
        yield AuthenticationResults.parse_leniently(unfolded(field.partition(b":")[2]))[0]
