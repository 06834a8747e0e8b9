"""What a receiver would say of one message: SPF, DKIM, DMARC and ARC."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from mailconf.app.errors import refuse
from mailconf.disk.folder import read_named
from mailconf.engine.run import Job, attempt
from mailconf.formats.paths import PathRefusedError
from mailconf.formats.public_suffix import is_public_suffix, organizational_domain
from mailconf.mailauth import message as received
from mailconf.mailauth import rfc7489, rules
from mailconf.mailauth.dkim import DkimResult
from mailconf.mailauth.message import Envelope, Inspection
from mailconf.model.finding import Finding
from mailconf.model.outcome import Outcome, Report
from mailconf.model.world import Inconclusive
from mailconf.net.live import LiveWorld
from mailconf.net.resolvers import resolver_of


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectOptions:
    """A received message, and its client where no Received field tells it."""

    message: Path
    ip: str = ""
    helo: str = ""
    mail_from: str = ""
    resolvers: Sequence[str] = ()


def inspect(options: InspectOptions) -> Report:
    """Return what a receiver would say of a message; raises CommandError."""
    begun = time.perf_counter()
    try:
        octets = read_named(options.message)
    except OSError as why:
        refuse(f"{options.message}: {why.strerror}")
    except PathRefusedError as why:
        refuse(str(why))
    envelope = _envelope(options)
    try:
        world = LiveWorld(resolvers=tuple(map(resolver_of, options.resolvers)))
    except ValueError as why:
        refuse(f"--resolver: {why}")
    outcomes = asyncio.run(inspected(octets, world, envelope))
    return Report("inspect", str(options.message), (), outcomes, time.perf_counter() - begun)


def _envelope(options: InspectOptions) -> Envelope | None:
    if not options.ip:
        if options.helo or options.mail_from:
            refuse("--helo and --from require --ip")
        return None
    for name, value in (("--helo", options.helo), ("--from", options.mail_from)):
        if not value.isprintable():
            refuse(f"{name} {value!r}: expected printable text")
    try:
        ip = str(ip_address(options.ip))
    except ValueError:
        refuse(f"--ip {options.ip}: not an IP address")
    return Envelope(ip, options.helo or "unknown", options.mail_from.strip("<>"))


async def inspected(
    octets: bytes, world: LiveWorld, envelope: Envelope | None
) -> tuple[Outcome, ...]:
    """Return every verdict on a message."""
    seen = await received.inspect(octets, world, envelope)
    older = (
        [Job("inspect.rfc7489", seen.authors[0], partial(_older, seen, world))]
        if seen.dmarc
        else []
    )
    return tuple([await attempt(job) for job in (*jobs(seen), *older)])


def jobs(seen: Inspection) -> Iterator[Job]:
    """Yield each verdict as a job: its subject tells the result, its findings what to do."""
    yield Job("inspect.spf", _spf_subject(seen), partial(_spf, seen))
    for number, one in enumerate(seen.dkim, 1):
        who = (
            f"d={one.domain} s={one.selector} {one.algorithm}"
            if one.domain
            else f"signature {number}"
        )
        yield Job("inspect.dkim", f"{one.result}: {who}", partial(_dkim, one))
    if not seen.dkim:
        yield Job("inspect.dkim", "no signature", _unsigned)
    yield Job("inspect.dmarc", _dmarc_subject(seen), partial(_dmarc, seen))
    if seen.arc.result != "none":
        sealers = ", then ".join(seen.arc.sealers)
        sealed = f"sealed by {sealers}" if sealers else "not sealed"
        yield Job("inspect.arc", f"{seen.arc.result}: {sealed}", partial(_arc, seen))
    for said in seen.said:
        theirs = [(one.method, one.result) for one in said.results if one.method in seen.results]
        told = " ".join(f"{method}={result}" for method, result in theirs) or "no results"
        where = f"{said.authserv_id} reported {told}"
        yield Job(
            "inspect.authentication-results",
            where,
            partial(_results, seen, said.authserv_id, theirs),
        )


def _spf_subject(seen: Inspection) -> str:
    if seen.spf is None or seen.envelope is None:
        return "client unknown"
    envelope = seen.envelope
    sender = envelope.mail_from or f"<> of {envelope.helo}"
    by = f" by {seen.spf.term} in {seen.spf.domain}" if seen.spf.term else ""
    return f"{seen.spf.result}: {envelope.ip} for {sender}{by} ({envelope.source})"


async def _spf(seen: Inspection) -> AsyncIterator[Finding]:
    found, envelope = seen.spf, seen.envelope
    if found is None or envelope is None:
        raise Inconclusive("the client address is unknown; use --ip, --helo and --from")
    if found.result == "temperror":
        raise Inconclusive(found.why)
    domain = envelope.domain
    facts = {"ip": envelope.ip, "domain": domain, "result": found.result}
    if found.result == "permerror":
        yield rules.SPF_BROKEN.at(domain, domain=domain, why=found.why)
    elif found.result in ("fail", "softfail"):
        yield rules.SPF_FAILS.at(domain, (), term=found.term, **facts)
    elif found.result != "pass":
        yield rules.SPF_SILENT.at(domain, (), **facts)


async def _dkim(one: DkimResult) -> AsyncIterator[Finding]:
    if one.result == "temperror":
        raise Inconclusive(one.why)
    if one.result != "pass":
        rule = rules.DKIM_FAILS if one.result == "fail" else rules.DKIM_UNUSABLE
        domain, selector = one.domain or "unknown", one.selector or "unknown"
        yield rule.at(domain, domain=domain, selector=selector, why=one.why)


async def _unsigned() -> AsyncIterator[Finding]:
    yield rules.UNSIGNED.at("DKIM-Signature")


def _dmarc_subject(seen: Inspection) -> str:
    verdict = seen.dmarc
    if verdict is None or verdict.discovery is None:
        return ", ".join(seen.authors) or "no author"
    found = verdict.discovery
    if found.record is None:
        return f"{verdict.result}: {found.author_domain}"
    policy = f"{found.effective_policy} of {found.policy_domain}"
    aligned = [i.why for i in verdict.identifiers if i.is_aligned]
    return "; ".join([f"{verdict.result}: {found.author_domain}, policy {policy}", *aligned[:1]])


async def _dmarc(seen: Inspection) -> AsyncIterator[Finding]:
    verdict = seen.dmarc
    if verdict is None:
        yield rules.AUTHORS.at("From", domains=" and ".join(seen.authors) or "nobody")
        return
    if verdict.result == "temperror":
        raise Inconclusive(verdict.why)
    domain = seen.authors[0]
    if verdict.result == "none":
        yield rules.NO_POLICY.at(domain, domain=domain)
    elif verdict.result == "fail":
        facts = {"domain": domain, "disposition": verdict.disposition, "why": verdict.why}
        yield rules.DMARC_FAILS.at(domain, (), **facts)


async def _older(seen: Inspection, world: LiveWorld) -> AsyncIterator[Finding]:
    """Compare with receivers of RFC 7489, by the Public Suffix List as it was when mailconf was installed."""
    domain, new = seen.authors[0], seen.dmarc.discovery if seen.dmarc else None
    if new is None or is_public_suffix(domain):
        raise Inconclusive(
            "the author domain is a public suffix, or its DMARC policy could not be determined"
        )
    old = await rfc7489.discover(domain, organizational_domain(domain), world)
    for told in rfc7489.differences(new, old):
        yield rules.OLDER.at(domain, told=told)


async def _arc(seen: Inspection) -> AsyncIterator[Finding]:
    if seen.arc.result == "temperror":
        raise Inconclusive(seen.arc.why)
    if seen.arc.result == "fail":
        yield rules.ARC_BROKEN.at("ARC-Seal", why=seen.arc.why)


async def _results(
    seen: Inspection, host: str, theirs: list[tuple[str, str]]
) -> AsyncIterator[Finding]:
    """Compare what another host found; of several signatures one result that is the same will do."""
    ours = seen.results
    for method, result in theirs:
        mine = ours[method]
        if mine and result not in mine and not mine & {"temperror"}:
            told = " and ".join(sorted(mine))
            yield rules.DIFFERS.at(host, host=host, method=method, theirs=result, ours=told)
