"""Published SPF records that say something else than their owner meant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_interface

from mailconf.formats.names import absolute
from mailconf.formats.spf import Mechanism, SpfRecord, is_record
from mailconf.mailauth.spf import check_host
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.sending import sending_hosts
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.spf.checks import sending_domains
from mailconf.plugins.spf.options import SpfOptions
from mailconf.plugins.spf.plan_checks import MOST_OCTETS, answer_size
from mailconf.plugins.spf.rules import (
    BROAD,
    EVERYBODY,
    IDLE,
    LARGE,
    NO_END,
    NONE,
    NOT_ALLOWED,
    PARKED,
    PTR,
    SENDER_ID,
    SEVERAL,
    SYNTAX,
)

BROADEST = {4: 16, 6: 32}
MOST_SIGNS = 450


def parked_domains(view: View[SpfOptions]) -> Iterator[Domain]:
    """Yield the domains in whose name nobody sends."""
    return (domain for domain in view.spec.domains.values() if domain.mail == "none")


async def record_is_sound(
    _view: View[SpfOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Read the record as receivers do, and look for what its owner cannot have meant."""
    texts = (await world.ask(DnsQuery(absolute(domain.name), "TXT"))).values
    records, where = [text for text in texts if is_record(text)], ("domains", domain.name, "spf")
    facts = {"domain": domain.name}
    for text in texts:
        if text.lower().startswith("spf2.0/"):
            yield SENDER_ID.at(domain.name, where, text=text, **facts)
    if not records:
        yield NONE.at(domain.name, where, **facts)
    elif len(records) > 1:
        yield SEVERAL.at(domain.name, where, count=str(len(records)), **facts)
    else:
        for rule, more in faults(records[0]):
            yield rule.at(domain.name, where, **facts, **more)
        for what, octets, most in _sizes(domain.name, records[0], list(texts)):
            yield LARGE.at(domain.name, where, what=what, octets=str(octets), most=str(most))


def _sizes(name: str, record: str, texts: list[str]) -> Iterator[tuple[str, int, int]]:
    """Yield what is too large: the record itself, or else the answer that holds it."""
    size = answer_size(name, texts)
    if len(record) > MOST_SIGNS:
        yield "the SPF record", len(record), MOST_SIGNS
    elif size > MOST_OCTETS:
        yield f"the response with all TXT records at {name}", size, MOST_OCTETS


def faults(text: str) -> Iterator[tuple[Rule, dict[str, str]]]:
    """Yield the rules that a record breaks, with their facts."""
    record, problems = SpfRecord.parse_leniently(text)
    for problem in problems:
        yield SYNTAX, {"why": str(problem)}
    names = [mechanism.name for mechanism in record.mechanisms]
    end = names.index("all") if "all" in names else None
    if end is None:
        if not record.modifier("redirect"):
            yield NO_END, {}
    else:
        last = record.mechanisms[end]
        idle = [str(m) for m in record.mechanisms[end + 1 :]]
        idle += [f"redirect={record.modifier('redirect')}"] if record.modifier("redirect") else []
        if last.qualifier == "+":
            yield EVERYBODY, {"term": "+all"}
        elif last.qualifier == "?":
            yield NO_END, {}
        if idle:
            yield IDLE, {"terms": ", ".join(idle)}
    for mechanism in record.mechanisms[:end]:
        yield from _of_term(mechanism)


def _of_term(mechanism: Mechanism) -> Iterator[tuple[Rule, dict[str, str]]]:
    if mechanism.name == "ptr" or "%{p" in mechanism.value.lower():
        yield PTR, {"term": str(mechanism)}
    if mechanism.name in ("ip4", "ip6") and mechanism.qualifier == "+":
        network = mechanism.network
        if network.prefixlen < BROADEST[network.version]:
            yield BROAD, {"term": str(mechanism), "why": f"a network of /{network.prefixlen}"}
        elif ip_interface(f"{mechanism.value}{mechanism.cidr}").ip != network.network_address:
            yield BROAD, {"term": str(mechanism), "why": f"the whole network {network}"}


async def parked_record_is_closed(
    _view: View[SpfOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """See that nobody may send for a parked domain."""
    texts = (await world.ask(DnsQuery(absolute(domain.name), "TXT"))).values
    records = [text for text in texts if is_record(text)]
    if [text.lower() for text in records] != ["v=spf1 -all"]:
        told, where = " and ".join(records) or "missing", ("domains", domain.name, "spf")
        yield PARKED.at(domain.name, where, domain=domain.name, text=told)


def our_senders(view: View[SpfOptions]) -> Iterator[Domain]:
    """Yield the domains whose mail our own hosts send out."""
    return (d for d in view.spec.domains.values() if d.sends and not d.smarthost)


async def our_hosts_may_send(
    view: View[SpfOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Ask as a receiver would, for each address from which mail leaves."""
    for host in sending_hosts(view.spec, domain):
        for ip in host.addresses:
            found = await check_host(str(ip), f"postmaster@{domain.name}", host.hostname, world)
            if found.result == "temperror":
                raise Inconclusive(found.why)
            if found.result != "pass":
                facts = {"ip": str(ip), "domain": domain.name, "result": found.result}
                yield NOT_ALLOWED.at(domain.name, ("domains", domain.name, "spf"), **facts)


PUBLISHED = (
    Check(
        "spf.record",
        "The SPF record is as declared.",
        sending_domains,
        record_is_sound,
        former=("spf.published",),
    ),
    Check(
        "spf.parked",
        "Parked domains authorize no sender.",
        parked_domains,
        parked_record_is_closed,
    ),
    Check(
        "spf.own-hosts",
        "Sending hosts pass SPF.",
        our_senders,
        our_hosts_may_send,
        former=("spf.senders",),
    ),
)
