"""Published TLSA records that senders cannot use, or that will not hold."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute
from mailconf.formats.tlsa import Tlsa
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import Inconclusive, ServerFailure, World
from mailconf.plugins.dane.options import DaneOptions

DIGEST = "ab" * 32
GOOD = f"_25._tcp.mail TLSA 3 1 1 {DIGEST}"
ROOT = "."
DANE_TA, DANE_EE = 2, 3


PKIX = Rule(
    code="DAN003",
    name="dane-usage-not-for-smtp",
    severity=Severity.ERROR,
    found_by="verify",
    message="TLSA record {record} at {name} has certificate usage {usage}, which SMTP does not support",
    expected="usage 3 (DANE-EE) or 2 (DANE-TA)",
    fix="publish 3 1 1",
    ref="RFC 7672 §3.1.3",
    bad=f"_25._tcp.mail TLSA 1 1 1 {DIGEST}",
    good=GOOD,
    language="zone",
)
AUTHORITY = Rule(
    code="DAN005",
    name="dane-pins-ca",
    severity=Severity.WARNING,
    found_by="verify",
    message="TLSA record {record} at {name} pins a CA; senders defer mail when the CA changes its intermediate",
    expected="certificate usage 3 (the server's own key)",
    fix="publish 3 1 1 of your own key",
    ref="RFC 7672 §3.1.2",
    bad=f"_25._tcp.mail TLSA 2 1 1 {DIGEST}",
    good=GOOD,
    language="zone",
)
WHOLE = Rule(
    code="DAN006",
    name="dane-pins-certificate",
    severity=Severity.ERROR,
    found_by="verify",
    message="TLSA record {record} at {name} pins the full certificate, which changes at each renewal",
    expected="selector 1 (the public key)",
    fix="publish 3 1 1, of the key",
    ref="RFC 7671 §5.1",
    bad=f"_25._tcp.mail TLSA 3 0 1 {DIGEST}",
    good=GOOD,
    language="zone",
)
UNSIGNED = Rule(
    code="DAN002",
    name="dane-zone-unsigned",
    severity=Severity.ERROR,
    found_by="verify",
    message="the TLSA records at {name} are not DNSSEC-signed; senders ignore them",
    expected="an answer validated with DNSSEC",
    fix="sign the zone with DNSSEC, or remove the records",
    ref="RFC 7672 §2.2",
)
SHA_1 = Rule(
    code="DNS001",
    name="dnssec-algorithm-weak",
    severity=Severity.WARNING,
    found_by="verify",
    message="the DNSKEY records of {zone} use algorithm {algorithm}, which is based on SHA-1",
    expected="algorithm 8, 13, 14, 15 or 16",
    fix="roll over to algorithm 13 (ECDSAP256SHA256)",
    ref="RFC 9905",
    bad="@ DNSKEY 257 3 7 AwEAAQ==",
    good="@ DNSKEY 257 3 13 AwEAAQ==",
    language="zone",
)
WEAK = ("5", "7")
NO_DENIAL = Rule(
    code="DAN010",
    name="tlsa-lookup-fails",
    severity=Severity.ERROR,
    found_by="verify",
    message="the TLSA lookup of {name} fails: {got}; senders that support DANE defer mail",
    expected="TLSA records, or a valid answer that none exist",
    fix="make the authoritative servers answer queries for names and types that do not exist; check the NSEC or NSEC3 records",
    ref="RFC 7672 §2.1.2, §2.1.3",
)


def mx_hosts(view: View[DaneOptions]) -> Iterator[Host]:
    """Yield the hosts to which other servers deliver."""
    return (host for host in view.spec.hosts.values() if view.spec.is_mx(host))


async def records_can_be_used(
    _view: View[DaneOptions], host: Host, world: World
) -> AsyncIterator[Finding]:
    """Read whatever is published for a host, declared or not."""
    name, where = absolute(f"_25._tcp.{host.hostname}"), ("hosts", host.key, "dane")
    for text in (await world.ask(DnsQuery(name, "TLSA"))).values:
        try:
            record = Tlsa.parse(text)
        except FormatError:
            continue
        facts = {"record": f"{record.usage} {record.selector} {record.matching}", "name": name}
        if record.usage not in (DANE_TA, DANE_EE):
            yield PKIX.at(host.hostname, where, usage=str(record.usage), **facts)
        elif record.usage == DANE_TA:
            yield AUTHORITY.at(host.hostname, where, **facts)
        elif record.selector == 0:
            yield WHOLE.at(host.hostname, where, **facts)


async def records_are_signed(
    _view: View[DaneOptions], host: Host, world: World
) -> AsyncIterator[Finding]:
    """See that senders can validate the records; only a validating resolver can tell."""
    name = absolute(f"_25._tcp.{host.hostname}")
    answer = await world.ask(DnsQuery(name, "TLSA"))
    if not answer.values or answer.secure:
        return
    if not (await world.ask(DnsQuery(ROOT, "SOA"))).secure:
        raise Inconclusive("the resolver does not validate, or is not on this machine")
    yield UNSIGNED.at(host.hostname, ("hosts", host.key, "dane"), name=name)


async def denial_is_told(
    _view: View[DaneOptions], host: Host, world: World
) -> AsyncIterator[Finding]:
    """See that senders who ask for TLSA records learn that there are none, where there are none."""
    name = absolute(f"_25._tcp.{host.hostname}")
    try:
        await world.ask(DnsQuery(name, "TLSA"))
    except ServerFailure as failure:
        # A resolver that fails at everything says nothing about the name.
        await world.ask(DnsQuery(absolute(host.hostname), "A"))
        yield NO_DENIAL.at(host.hostname, ("hosts", host.key), name=name, got=str(failure))


def zones_of_keys(view: View[DaneOptions]) -> Iterator[str]:
    """Yield the domains whose mail depends on DNSSEC: those with keys at an MX host."""
    for domain in view.spec.hosted:
        if any(view.for_host(host).keys for _, host in view.spec.mx_of(domain)):
            yield domain.name


async def zone_uses_strong_keys(
    _view: View[DaneOptions], zone: str, world: World
) -> AsyncIterator[Finding]:
    """Look at the algorithms of a zone's keys."""
    values = (await world.ask(DnsQuery(absolute(zone), "DNSKEY"))).values
    for algorithm in sorted({value.split()[2] for value in values} & set(WEAK)):
        yield SHA_1.at(zone, ("domains", zone), zone=zone, algorithm=algorithm)


PUBLISHED = (
    Check(
        "dane.records",
        "Senders can use the TLSA records.",
        mx_hosts,
        records_can_be_used,
        former=("dane.published",),
    ),
    Check(
        "dane.lookup",
        "Queries for TLSA records are answered.",
        mx_hosts,
        denial_is_told,
        former=("dane.denial",),
    ),
    Check(
        "dane.dnssec",
        "The TLSA records are signed with DNSSEC.",
        mx_hosts,
        records_are_signed,
        former=("dane.signed",),
    ),
    Check(
        "dane.dnssec-algorithm",
        "The zone is signed with a strong algorithm.",
        zones_of_keys,
        zone_uses_strong_keys,
        former=("dane.zone",),
    ),
)
