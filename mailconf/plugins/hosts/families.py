"""Hosts of this site that hand mail to each other have an address family in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.spec import Spec
from mailconf.plugins.hosts.options import HostsOptions

APART = Rule(
    code="HST034",
    name="hosts-without-common-family",
    severity=Severity.ERROR,
    message="host {key} has only IPv{family} addresses and cannot reach {other}, which has none",
    fix="give one of them an address of the other's family",
    ref="postconf(5) inet_protocols",
    bad=(
        "hosts: {mail: {roles: [mx, submission, web]}, store: {hostname: store.example.org, "
        "addresses: ['2001:db8::99'], roles: [mailstore]}}"
    ),
    good=(
        "hosts: {mail: {roles: [mx, submission, web]}, store: {hostname: store.example.org, "
        "addresses: [192.0.2.99], roles: [mailstore]}}"
    ),
)


def families_meet(view: View[HostsOptions], host: Host) -> Iterator[Finding]:
    """Yield hosts that cannot reach one to which they hand mail, or any of several."""
    for other in _unreachable(view.spec, host):
        facts = {"key": host.key, "family": next(iter(host.families)), "other": other.key}
        yield APART.at(host.key, ("hosts", host.key, "addresses"), **facts)


def _unreachable(spec: Spec, host: Host) -> Iterator[Host]:
    """Yield every store that an edge cannot reach; of relays and MX hosts one is enough."""
    if host.is_("mx", "submission", "backup-mx"):
        yield from (store for store in spec.hosts_with("mailstore") if _are_apart(host, store))
    if host.is_mta and not spec.is_egress(host):
        yield from _all_apart(host, spec.egress)
    if host.is_("backup-mx") or (spec.is_egress(host) and not host.is_("mx")):
        yield from _all_apart(host, spec.hosts_with("mx"))


def _all_apart(host: Host, others: Iterable[Host]) -> tuple[Host, ...]:
    found = tuple(others)
    return found[:1] if all(_are_apart(host, other) for other in found) else ()


def _are_apart(one: Host, other: Host) -> bool:
    return not one.families & other.families
