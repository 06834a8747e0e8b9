"""Every host that a domain names as MX is there."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from mailconf.model.domain import Domain
from mailconf.model.endpoint import Address
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.mx_records.options import MxOptions

IPV4 = 4
UNDEFINED = Rule(
    code="MX020",
    name="mx-host-undefined",
    severity=Severity.ERROR,
    message="MX host {key!r} is not defined; expected one of {known}",
    fix="correct the name, or add the host under hosts:",
    bad="domains: {example.org: {mx: {mial: 10}}}",
    good="domains: {example.org: {mx: {mail: 10}}}",
)


HAS_USERS = Rule(
    code="MX005",
    name="null-mx-with-users",
    severity=Severity.ERROR,
    message="{domain} has mail: none but declares {what}",
    fix="leave out mail: none, or remove them",
    ref="RFC 7505 §4.2",
    bad="domains: {example.net: {mail: none, aliases: {info: alice@example.org}}}",
    good="domains: {example.net: {mail: none}}",
)
ONE_NETWORK = Rule(
    code="MX006",
    name="mx-one-network",
    severity=Severity.NOTICE,
    message="all {count} MX hosts of {domain} are in network {network}; one outage makes all of them unreachable",
    fix="put one of them in another network, or use a single MX host",
    ref="RFC 5321 §5.1, RFC 2182 §3.1",
    bad="hosts: {two: {hostname: two.example.org, addresses: [192.0.2.99], roles: [mx]}}",
    good="hosts: {two: {hostname: two.example.org, addresses: [198.51.100.99], roles: [mx]}}",
)
ONE_FAMILY = Rule(
    code="MX007",
    name="mx-without-ipv6",
    severity=Severity.NOTICE,
    message="no MX host of {domain} has an IPv6 address, though {host} has one",
    fix="give an MX host an IPv6 address",
    ref="RFC 5321 §5.1",
    bad="hosts: {out: {hostname: out.example.org, addresses: ['2001:db8::99', 192.0.2.99], roles: [relay]}}",
    good=(
        "hosts: {mail: {addresses: [192.0.2.25, '2001:db8::25']}, "
        "out: {hostname: out.example.org, addresses: ['2001:db8::99', 192.0.2.99], roles: [relay]}}"
    ),
)
UNRESOLVED = Rule(
    code="MX010",
    name="send-only-domain-without-mx",
    severity=Severity.WARNING,
    message="{domain} only sends and has no MX record here; receivers reject mail from a domain without MX and address records",
    fix="set mx: {{HOST: 10}} to publish one, or waive this if its MX or address records are managed elsewhere",
    ref="RFC 5321 §2.3.5",
    bad="domains: {news.example.org: {mail: send-only}}",
    good="domains: {news.example.org: {mail: send-only, mx: {mail: 10}}}",
)
NETWORK = {4: 24, 6: 48}


def mx_hosts_make_sense(view: View[MxOptions], domain: Domain) -> Iterator[Finding]:
    """Yield hosts that are not there or all in one place, and users of a domain without mail."""
    yield from mx_hosts_exist(view, domain)
    if domain.kind == "send-only" and not domain.mx:
        yield UNRESOLVED.at(domain.name, ("domains", domain.name, "mail"), domain=domain.name)
    what = [name for name in ("mailboxes", "aliases", "senders") if getattr(domain, name)]
    if domain.mail == "none" and what:
        place = ("domains", domain.name, what[0])
        yield HAS_USERS.at(domain.name, place, domain=domain.name, what=" and ".join(what))
    hosts, where = [host for _, host in view.spec.mx_of(domain)], ("domains", domain.name)
    per_host = [{_network(a) for a in host.addresses if a.version == IPV4} for host in hosts]
    networks = set[str]().union(*per_host)
    if len(hosts) > 1 and len(networks) == 1 and all(per_host):
        facts = {"count": str(len(hosts)), "network": networks.pop()}
        yield ONE_NETWORK.at(domain.name, where, domain=domain.name, **facts)
    six = [host for host in view.spec.hosts.values() if _has_ipv6(host) and host.is_mta]
    if hosts and six and not any(map(_has_ipv6, hosts)):
        yield ONE_FAMILY.at(domain.name, where, domain=domain.name, host=six[0].key)


def _network(address: Address) -> str:
    return str(ip_network(f"{address}/{NETWORK[address.version]}", strict=False))


def _has_ipv6(host: Host) -> bool:
    return any(address.version != IPV4 for address in host.addresses)


def mx_hosts_exist(view: View[MxOptions], domain: Domain) -> Iterator[Finding]:
    """Yield a finding for every MX host that the spec does not define."""
    for key in domain.mx.keys() - view.spec.hosts.keys():
        known = ", ".join(view.spec.hosts)
        yield UNDEFINED.at(domain.name, ("domains", domain.name, "mx", key), key=key, known=known)
