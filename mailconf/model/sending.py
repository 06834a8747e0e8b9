"""From which hosts mail of a domain leaves: SPF names them, and they have its DKIM keys."""

from __future__ import annotations

from dataclasses import dataclass

from mailconf.formats.names import absolute, relative, upwards
from mailconf.model.domain import Domain
from mailconf.model.host import Host
from mailconf.model.spec import Spec

Hosts = dict[str, Host]
"""By key, in the order of the spec."""


def sending_hosts(spec: Spec, domain: Domain) -> tuple[Host, ...]:
    """Return the egress hosts that may send as a domain: of hosts that only send, those that `send_as` it."""
    index = _index(spec)
    return *index.everything, *index.given.get(domain.name, {}).values()


def signing_hosts(spec: Spec, domain: Domain) -> tuple[Host, ...]:
    """Return the hosts that sign for a domain: also for their own names below it (RFC 9989 §4.4.1)."""
    index = _index(spec)
    both = index.given.get(domain.name, {}) | index.named.get(domain.name, {})
    return *index.everything, *both.values()


@dataclass(frozen=True, slots=True)
class _Index:
    """Hosts that send as every domain; the others by what they are given, and by domains above them."""

    everything: tuple[Host, ...]
    given: dict[str, Hosts]
    named: dict[str, Hosts]


def _index(spec: Spec) -> _Index:
    key = _Index
    if key not in spec.derived:
        given: dict[str, Hosts] = {}
        named: dict[str, Hosts] = {}
        for host in (host for host in spec.egress if host.only_sends):
            for address in host.send_as:
                given.setdefault(address.rpartition("@")[2], {})[host.key] = host
            for name in map(relative, upwards(absolute(host.hostname))):
                if name in spec.domains:
                    named.setdefault(name, {})[host.key] = host
        everything = tuple(host for host in spec.egress if not host.only_sends)
        spec.derived[key] = _Index(everything, given, named)
    found: _Index = spec.derived[key]
    return found
