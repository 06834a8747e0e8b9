"""Published MX records that other servers cannot follow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address

from mailconf.formats.names import absolute
from mailconf.model.addresses import has_address
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.mx_records.options import MxOptions
from mailconf.plugins.mx_records.records import NULL_MX

MAIL = "mail A 192.0.2.25\n"
RIGHT = f"{MAIL}@ MX 10 mail"
NONE = Rule(
    code="MX001",
    name="mx-not-published",
    severity=Severity.ERROR,
    found_by="verify",
    message="{domain} has no MX record; senders use its address records, or give up",
    expected="an MX record",
    fix="publish the MX records that mailconf renders",
    ref="RFC 5321 §5.1",
    bad=f"{MAIL}@ A 192.0.2.80",
    good=RIGHT,
    language="zone",
)
ALIAS = Rule(
    code="MX002",
    name="mx-is-cname",
    severity=Severity.ERROR,
    found_by="verify",
    message="the MX target {host} is a CNAME for {target}",
    expected="a host name that is not a CNAME",
    fix="use {target} as the MX target",
    ref="RFC 2181 §10.3",
    bad=f"{MAIL}mx CNAME mail\n@ MX 10 mx",
    good=RIGHT,
    language="zone",
)
NO_ADDRESS = Rule(
    code="MX003",
    name="mx-without-address",
    severity=Severity.ERROR,
    found_by="verify",
    message="the MX target {host} has no address record",
    expected="an address record",
    fix="use a host name with A or AAAA records; an IP address is not allowed",
    ref="RFC 5321 §5.1, RFC 1035 §3.3.9",
    bad=f"{MAIL}@ MX 10 192.0.2.25.",
    good=RIGHT,
    language="zone",
)
NULL_AND_OTHERS = Rule(
    code="MX004",
    name="null-mx-with-others",
    severity=Severity.ERROR,
    found_by="verify",
    message="{domain} publishes a null MX together with {hosts}",
    expected="a null MX alone, or none",
    fix="remove the null MX, or all others",
    ref="RFC 7505 §3",
    bad=f"{RIGHT}\n@ MX 0 .",
    good=RIGHT,
    language="zone",
)
UNKNOWN_SENDER = Rule(
    code="MX011",
    name="sender-domain-unresolvable",
    severity=Severity.ERROR,
    found_by="verify",
    message="{domain} sends mail, but {why}; receivers reject it",
    expected="an MX or address record, and no null MX",
    fix="publish an MX record: domains.{domain}.mx in the spec",
    ref="RFC 5321 §2.3.5, RFC 7505 §4.2",
    bad="@ MX 0 .",
    good=RIGHT,
    language="zone",
)
RELATIVE = Rule(
    code="DNS003",
    name="name-without-trailing-dot",
    severity=Severity.ERROR,
    found_by="verify",
    message="the MX target {host} repeats its own zone; the trailing dot is missing",
    expected="a name with a trailing dot",
    fix="write the name with a trailing dot",
    ref="RFC 1035 §5.1",
    bad=f"{MAIL}mail.example.org A 192.0.2.25\n@ MX 10 mail.example.org",
    good=f"{MAIL}@ MX 10 mail.example.org.",
    language="zone",
)


def receiving_domains(view: View[MxOptions]) -> Iterator[Domain]:
    """Yield the domains that get mail, here or with a provider."""
    return (domain for domain in view.spec.domains.values() if domain.mail == "hosted")


def sending_domains(view: View[MxOptions]) -> Iterator[Domain]:
    """Yield the domains that only send."""
    return (domain for domain in view.spec.domains.values() if domain.kind == "send-only")


async def sender_exists(
    _view: View[MxOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Look a sender's domain up as receivers do (postconf(5) reject_unknown_sender_domain)."""
    name, why = absolute(domain.name), ""
    values = (await world.ask(DnsQuery(name, "MX"))).values
    if NULL_MX in values:
        why = "its MX record is a null MX"
    elif not values and not await has_address(name, world):
        why = "it has neither MX nor address records"
    if why:
        yield UNKNOWN_SENDER.at(domain.name, ("domains", domain.name), domain=domain.name, why=why)


async def hosts_can_be_reached(
    _view: View[MxOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Follow every MX record as a sender does."""
    where, values = (
        ("domains", domain.name, "mx"),
        (await world.ask(DnsQuery(absolute(domain.name), "MX"))).values,
    )
    if not values:
        yield NONE.at(domain.name, where, domain=domain.name)
    hosts = sorted(value.split()[-1].lower() for value in values if value != NULL_MX)
    if NULL_MX in values and hosts:
        yield NULL_AND_OTHERS.at(domain.name, where, domain=domain.name, hosts=", ".join(hosts))
    twice = f".{domain.name}.{domain.name}."
    for host in hosts:
        if host.endswith(twice):
            yield RELATIVE.at(domain.name, where, host=host)
        alias = (await world.ask(DnsQuery(host, "CNAME"))).values
        if alias:
            yield ALIAS.at(domain.name, where, host=host, target=alias[0])
        elif _is_address(host) or not await has_address(host, world):
            yield NO_ADDRESS.at(domain.name, where, host=host)


def _is_address(host: str) -> bool:
    try:
        ip_address(host.rstrip("."))
    except ValueError:
        return False
    return True


PUBLISHED = (
    Check(
        "mx.records",
        "Senders can use every MX record.",
        receiving_domains,
        hosts_can_be_reached,
        former=("mx.published",),
    ),
    Check(
        "mx.sender", "Receivers find the domain of a sender in DNS.", sending_domains, sender_exists
    ),
)
