"""Who gets the mail of machines: of root, cron and every other local user."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.host import Host
from mailconf.model.spec import Spec

LOCAL_NAMES = ("localhost", "localhost.localdomain")
"""Names that every machine has."""


def is_at_host(spec: Spec, address: str) -> bool:
    """Tell whether an address is at the name of a host that is no mail domain, or of every machine."""
    name = address.rpartition("@")[2]
    return name not in spec.domains and bool(name in LOCAL_NAMES or spec.host_named(name))


def owner_of(spec: Spec, host: Host) -> str:
    """Return who gets the mail of a host's own users and programs; empty when none is known.

    That is `system_mail`, else the postmaster of the nearest domain above the host's name, else
    that of the only hosted domain: never a customer's who happens to be listed first.
    """
    named = host.system_mail or spec.system_mail
    return named or next((d.address("postmaster") for d in _domains(spec, host)), "")


def _domains(spec: Spec, host: Host) -> Iterator[Domain]:
    """Yield the domains whose postmaster may look after a host, best first."""
    name = host.hostname
    while name:
        domain = spec.domains.get(name)
        if domain and _has_postmaster(domain):
            yield domain
        name = name.partition(".")[2]
    if len(spec.hosted) == 1:
        yield from filter(_has_postmaster, spec.hosted)


def _has_postmaster(domain: Domain) -> bool:
    """Tell whether mail to postmaster is delivered; a provider keeps that address (RFC 5321 §4.5.1)."""
    known = domain.knows("postmaster") or domain.catch_all
    return bool(domain.provider or (domain.is_hosted and known))
