"""What users connect to: the store of their domain, and the hosts that let them send."""

from __future__ import annotations

from dataclasses import replace

from mailconf.model.domain import Domain
from mailconf.model.endpoint import Endpoint
from mailconf.model.host import Host
from mailconf.model.spec import Spec


def client_endpoints(spec: Spec, domain: Domain) -> tuple[Endpoint, ...]:
    """Return the services for users of a domain, in the order of the hosts, by the name they are told."""
    store = spec.store_of(domain)
    points = _at(spec, store.key if store else None)
    if not domain.client_host:
        return points
    return tuple(replace(point, host=domain.client_host) for point in points)


def lets_send(spec: Spec, host: Host, domain: Domain) -> bool:
    """Tell whether users of a domain can log in at a submission host.

    A host with mailboxes knows the passwords of those alone; one without asks every store.
    """
    store = spec.store_of(domain)
    return host.is_("submission") and _lets_in(host, store.key if store else None)


def _at(spec: Spec, store: str | None) -> tuple[Endpoint, ...]:
    """Return the submission services, and those of a store: the same for all of its domains."""
    key = client_endpoints, store
    if key not in spec.derived:
        sending = {host.key for host in spec.hosts_with("submission") if _lets_in(host, store)}
        keys = {*sending, store}
        hosts = (host for host in spec.hosts.values() if host.key in keys)
        spec.derived[key] = tuple(
            point
            for host in hosts
            for point in spec.endpoints_of(host)
            if point.protocol.is_submission
            or (host.key == store and point.protocol.family != "smtp")
        )
    found: tuple[Endpoint, ...] = spec.derived[key]
    return found


def _lets_in(host: Host, store: str | None) -> bool:
    return host.key == store or not host.is_("mailstore")
