"""What one resolver sees may be the one server that is right: each is asked for what mail hangs on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
from mailconf.model.record import RecordSet
from mailconf.model.world import DnssecBogus, Inconclusive, NotApplicable, World
from mailconf.plugins.name_servers.options import NameServersOptions

KINDS = ("MX", "TXT")
"""Of a domain's own name: where its mail goes, and who may send in its name."""
DISAGREE = Rule(
    code="DNS014",
    name="name-servers-disagree",
    severity=Severity.WARNING,
    found_by="verify",
    message="{type} is {one} at {here} but {other} at {there}",
    expected="the same {type} records at every authoritative server",
    fix="check the zone transfer: the serial number, NOTIFY, and the logs of the servers",
    ref="RFC 1034 §4.3.5, RFC 1996",
)
BOGUS = Rule(
    code="DNS015",
    name="dnssec-bogus",
    severity=Severity.ERROR,
    found_by="verify",
    message="DNSSEC validation fails: {got}; validating resolvers return SERVFAIL",
    expected="an answer that validates, or no DS record in the parent zone",
    fix="look for expired signatures and for a DS record of a removed key; sign the zone again, or remove the DS record",
    ref="RFC 4035 §5.5",
)


def domains(view: View[NameServersOptions]) -> Iterator[Domain]:
    """Yield every domain."""
    yield from view.spec.domains.values()


async def servers_agree(
    view: View[NameServersOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Compare what the servers say with each other; another check compares it with the spec."""
    name = absolute(domain.name)
    for rtype in KINDS:
        told = _by_values(await world.ask(AuthoritativeQuery(name, rtype)))
        if not told:
            raise NotApplicable(f"no authoritative server of {name} is reachable")
        if len(told) == 1 or not _is_as_declared(
            view, name, rtype, await world.ask(DnsQuery(name, rtype))
        ):
            continue
        (one, here), *others = sorted(told.items(), key=lambda item: -len(item[1]))
        for other, there in others:
            facts = {"type": rtype, "one": _shown(one), "here": ", ".join(here)}
            facts |= {"other": _shown(other), "there": ", ".join(there)}
            yield DISAGREE.at(domain.name, ("domains", domain.name), **facts)


def _by_values(told: Mapping[str, Answer | Inconclusive]) -> dict[tuple[str, ...], list[str]]:
    """Return the servers that answered by what they said."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for server, answer in told.items():
        if isinstance(answer, Answer):
            found[answer.values].append(server)
    return dict(found)


def _is_as_declared(view: View[NameServersOptions], name: str, rtype: str, seen: Answer) -> bool:
    """Tell whether the resolver sees all that is wanted: else the record's own check has told why."""
    wanted = RecordSet(name, rtype, view.records.at(name, rtype))
    if not wanted.records:
        return True
    declared = {record.meaning for record in wanted.records}
    return declared <= {wanted.meaning(value) for value in seen.values}


def _shown(values: tuple[str, ...]) -> str:
    return ", ".join(values) or "nothing"


def names(view: View[NameServersOptions]) -> Iterator[str]:
    """Yield the names on which all mail hangs: of domains and of hosts."""
    yield from view.spec.domains
    yield from (host.hostname for host in view.spec.hosts.values())


async def validates(
    view: View[NameServersOptions], name: str, world: World
) -> AsyncIterator[Finding]:
    """See that validating resolvers, which half the world asks, hand out what the name holds."""
    for rtype in ("A", "MX"):
        try:
            await world.ask(DnsQuery(absolute(name), rtype))
        except DnssecBogus as why:
            yield BOGUS.at(name, _where(view, name), got=str(why))
            return


def _where(view: View[NameServersOptions], name: str) -> Path:
    if name in view.spec.domains:
        return ("domains", name)
    host = view.spec.host_named(name)
    return ("hosts", host.key) if host else ("hosts",)


CHECKS = (
    Check(
        "zone.consistent",
        "All name servers of a zone return the same records.",
        domains,
        servers_agree,
        former=("zone.servers",),
    ),
    Check(
        "zone.dnssec",
        "The zone validates with DNSSEC.",
        names,
        validates,
        former=("zone.validates",),
    ),
)
