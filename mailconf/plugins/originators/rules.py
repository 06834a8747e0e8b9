"""What the milter is told: who may send as whom, on one host."""

from __future__ import annotations

from dataclasses import dataclass

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.senders import sender_logins
from mailconf.plugins.originators.options import OriginatorsOptions

SIEVE_DAEMON = "SIEVE"
"""What Postfix calls the service of the mail store to milters (milter_macro_daemon_name)."""


@dataclass(frozen=True, slots=True)
class SieveNotices:
    """The service of the mail store: its {daemon_name}, who may connect, who signs notices."""

    daemon: str
    user: str
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostRules:
    """The program's rules, as mailconf/programs/originators/policy.py has them, and its port."""

    port: int
    hostname: str
    logins: dict[str, tuple[str, ...]]
    own_logins: tuple[str, ...]
    programs: tuple[str, ...]
    hosts: dict[str, tuple[str, ...]]
    trusted: tuple[str, ...]
    sieve: SieveNotices | None
    has_spf_field: bool


def rules_for(view: View[OriginatorsOptions], host: Host) -> HostRules:
    """Return the rules of a host."""
    external = tuple(name for name, _ in view.asked_of(host, "external"))
    has_users = host.is_("submission", "mailstore")
    others = [other for other in view.spec.hosts.values() if other is not host and other.is_mta]
    return HostRules(
        port=view.options.port,
        hostname=host.hostname,
        logins=_logins(view, external) if has_users else {},
        own_logins=external if has_users else (),
        programs=programs_of(host),
        hosts={str(a): programs_of(o) for o in others if _has_no_users(o) for a in o.addresses},
        trusted=tuple(str(a) for o in others if not _has_no_users(o) for a in o.addresses),
        sieve=_sieve(view, host),
        has_spf_field=bool(view.asked(host, "spf_field")),
    )


def _logins(
    view: View[OriginatorsOptions], external: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    found = sender_logins(view.spec, external)
    return {address.lower(): logins for address, logins in found.items()}


def programs_of(host: Host) -> tuple[str, ...]:
    """Return what programs on a host may send as: its own name, and what the spec gives it."""
    return (f"@{host.hostname}", *(address.lower() for address in host.send_as))


def _has_no_users(host: Host) -> bool:
    return set(host.roles) <= {"send-only", "web"}


def _sieve(view: View[OriginatorsOptions], host: Host) -> SieveNotices | None:
    found = view.asked_of(host, "sieve")
    if not found:
        return None
    user, postmaster = found[0]
    return SieveNotices(SIEVE_DAEMON, user, (f"@{host.hostname}", postmaster.lower()))
