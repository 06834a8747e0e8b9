"""What the milter is told: who may send as whom, on one host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mailconf.formats.public_suffix import organizational_domain
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.accounts import (
    ExternalAccounts,
    RewrittenSenders,
    SieveNotices,
    SpfFieldAdded,
)
from mailconf.model.senders import sender_logins
from mailconf.model.spec import Spec
from mailconf.plugins.originators.options import OriginatorsOptions

T = TypeVar("T")
SIEVE_DAEMON = "SIEVE"
"""What Postfix calls the service of the mail store to milters (milter_macro_daemon_name)."""


@dataclass(frozen=True, slots=True)
class SieveService:
    """The service of the mail store: its {daemon_name}, who may connect, who signs notices, its port."""

    daemon: str
    user: str
    authors: tuple[str, ...]
    port: int


@dataclass(frozen=True, slots=True)
class HostRules:
    """The program's rules, as mailconf/programs/originators/rules.py has them, and its port."""

    port: int
    hostnames: tuple[str, ...]
    logins: dict[str, tuple[str, ...]]
    own_logins: tuple[str, ...]
    own: tuple[str, ...]
    programs: tuple[str, ...]
    hosts: dict[str, tuple[str, ...]]
    trusted: tuple[str, ...]
    sieve: SieveService | None
    has_spf_field: bool
    forwards_to_relay: bool
    domains: tuple[str, ...]
    organizations: tuple[str, ...]
    srs_domain: str


def rules_for(view: View[OriginatorsOptions], host: Host) -> HostRules:
    """Return the rules of a host."""
    asked = view.requests_on(host)
    external = tuple(one.domain for one in asked.of(ExternalAccounts))
    has_users = host.is_("submission", "mailstore")
    redirects = bool(asked.of(SieveNotices))
    return HostRules(
        port=view.options.port,
        hostnames=_once(view.spec, "names of hosts", _names),
        logins=sender_logins(view.spec, external) if has_users else {},
        own_logins=external if has_users else (),
        own=tuple(map(str, host.addresses)),
        programs=programs_of(host),
        hosts=_once(view.spec, "hosts without users", _without_users),
        trusted=_once(view.spec, "hosts with users", _with_users),
        sieve=_sieve(view, host),
        has_spf_field=bool(asked.of(SpfFieldAdded)),
        forwards_to_relay=host.is_("mx", "backup-mx") and not view.spec.is_egress(host),
        domains=tuple(view.spec.domains) if redirects else (),
        organizations=_once(view.spec, "organizations", _organizations) if redirects else (),
        srs_domain=next((one.domain for one in asked.of(RewrittenSenders)), ""),
    )


def _once(spec: Spec, name: str, derive: Callable[[Spec], T]) -> T:
    """Derive what is the same on every host only once."""
    key = "originators", name
    if key not in spec.derived:
        spec.derived[key] = derive(spec)
    found: T = spec.derived[key]
    return found


def _names(spec: Spec) -> tuple[str, ...]:
    return tuple(host.hostname for host in spec.hosts.values() if host.is_mta)


def _organizations(spec: Spec) -> tuple[str, ...]:
    """Return the organizational domains of the site, each once."""
    return tuple(dict.fromkeys(map(organizational_domain, (*spec.domains, *_names(spec)))))


def _without_users(spec: Spec) -> dict[str, tuple[str, ...]]:
    """Return what programs of send-only hosts may send as, by address."""
    hosts = [host for host in spec.hosts.values() if host.is_mta and host.only_sends]
    return {str(address): programs_of(host) for host in hosts for address in host.addresses}


def _with_users(spec: Spec) -> tuple[str, ...]:
    hosts = (host for host in spec.hosts.values() if host.is_mta and not host.only_sends)
    return tuple(str(address) for host in hosts for address in host.addresses)


def programs_of(host: Host) -> tuple[str, ...]:
    """Return what programs on a host may send as: its own name, and what the spec gives it."""
    return (f"@{host.hostname}", *host.send_as)


def _sieve(view: View[OriginatorsOptions], host: Host) -> SieveService | None:
    for asked in view.requests_on(host).of(SieveNotices):
        authors = (f"@{host.hostname}", asked.postmaster.lower())
        return SieveService(SIEVE_DAEMON, asked.user, authors, asked.port)
    return None
