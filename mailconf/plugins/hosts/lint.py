"""What makes a host name or address unfit for mail."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from mailconf.model.endpoint import Address
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.hosts.families import families_meet
from mailconf.plugins.hosts.listeners import one_listener_each
from mailconf.plugins.hosts.options import HostsOptions
from mailconf.plugins.hosts.topology import roles_fit, senders_reach_the_relay

# RFC 1918, RFC 6598, RFC 4193.
PRIVATE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)
IPV4_OCTETS = 4
POOLS = frozenset({"adsl", "dhcp", "dialup", "dip", "dsl", "dyn", "dynamic", "pool", "ppp", "vdsl"})
IS_MAIL_DOMAIN = Rule(
    code="HST001",
    name="host-name-is-mail-domain",
    severity=Severity.ERROR,
    message="host {key} has the host name {name}, which is also a mail domain",
    fix="give the host a name of its own, such as mail.{name}",
    ref="RFC 5321 §4.1.1.1",
    bad="hosts: {mail: {hostname: example.org}}\ndomains: {example.org: {}}",
    good="hosts: {mail: {hostname: mail.example.org}}\ndomains: {example.org: {}}",
)
GENERIC = Rule(
    code="HST004",
    name="host-name-generic",
    severity=Severity.WARNING,
    message="host {key} has the host name {name}, which looks like a generic name assigned by a provider: {why}",
    fix="use a dedicated name such as mail.example.org, also in reverse DNS",
    ref="RFC 1912 §2.1; Yahoo and Outlook.com refuse mail from such names",
    bad="hosts: {mail: {hostname: 192-0-2-25.dsl.example.org}}",
    good="hosts: {mail: {hostname: mail.example.org}}",
)
UNREACHABLE = Rule(
    code="MX009",
    name="address-not-public",
    severity=Severity.WARNING,
    message="host {key} has the address {address}, which is not reachable from the Internet",
    fix="use the public address; for hosts behind NAT, use verify --connect",
    ref="RFC 6890",
    bad="hosts: {mail: {addresses: [10.0.0.25]}}",
    good="hosts: {mail: {addresses: [192.0.2.25]}}",
)
SHARED = Rule(
    code="HST010",
    name="address-shared",
    severity=Severity.ERROR,
    message="address {address} is already used by host {other}",
    fix="give every host its own address",
    ref="RFC 1912 §2.1",
    bad=(
        "hosts: {mail: {addresses: [192.0.2.99]}, "
        "out: {hostname: out.example.org, addresses: [192.0.2.99], roles: [relay]}}"
    ),
    good=(
        "hosts: {mail: {addresses: [192.0.2.99]}, "
        "out: {hostname: out.example.org, addresses: [192.0.2.98], roles: [relay]}}"
    ),
)


def host_is_fit(view: View[HostsOptions], host: Host) -> Iterator[Finding]:
    """Yield what receivers would hold against a host's name or addresses, and roles that clash."""
    yield from roles_fit(view, host)
    yield from senders_reach_the_relay(view, host)
    yield from families_meet(view, host)
    yield from one_listener_each(view, host)
    where = ("hosts", host.key)
    if host.hostname in view.spec.domains:
        name = host.hostname
        yield IS_MAIL_DOMAIN.at(host.key, (*where, "hostname"), key=host.key, name=name)
    why = _generic(host)
    if why:
        name = host.hostname
        yield GENERIC.at(host.key, (*where, "hostname"), key=host.key, name=name, why=why)
    for number, address in enumerate(host.addresses):
        place = (*where, "addresses", number)
        if not _is_reachable(address):
            yield UNREACHABLE.at(host.key, place, key=host.key, address=address)
        other = view.spec.host_at(address)
        if other and other.key != host.key:
            yield SHARED.at(host.key, place, address=address, other=other.key)


def _generic(host: Host) -> str:
    """Return what makes a name look like one of a pool, or nothing."""
    below = host.hostname.split(".")[:-2]
    parts = "-".join(below).split("-")
    for address in host.addresses:
        octets = str(address).split(".")
        if len(octets) == IPV4_OCTETS and _runs(parts, octets):
            return f"it contains the address {address}"
    words = sorted(POOLS.intersection(parts))
    return f"it contains the word {words[0]}" if words else ""


def _runs(parts: list[str], octets: list[str]) -> bool:
    """Tell whether octets stand in a name one after the other, in either order."""
    runs = [parts[at : at + len(octets)] for at in range(len(parts))]
    return octets in runs or octets[::-1] in runs


def _is_reachable(address: Address) -> bool:
    """Documentation addresses count as reachable: examples and labs use them."""
    return not (
        address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or any(address in network for network in PRIVATE if network.version == address.version)
    )
