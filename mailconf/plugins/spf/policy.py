"""The SPF records we want, derived from the addresses that really send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from mailconf.formats.spf import Mechanism, SpfRecord
from mailconf.model.domain import Domain
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.sending import sending_hosts
from mailconf.model.spec import Spec
from mailconf.plugins.spf.options import SpfOptions

NOBODY = SpfRecord((Mechanism("-", "all"),))


def record_for(view: View[SpfOptions], domain: Domain) -> SpfRecord:
    """Return the record of a domain: every egress address, then the verdict on all others."""
    if domain.mail == "none":
        return NOBODY
    sign: Literal["~", "-"] = "~" if view.options.all == "~all" else "-"
    return SpfRecord((*_ours(view.spec, domain), *_others(domain), Mechanism(sign, "all")))


def _ours(spec: Spec, domain: Domain) -> Iterator[Mechanism]:
    """Yield every address from which our hosts send in the domain's name."""
    if domain.provider or domain.smarthost:
        return
    yield from _addresses(sending_hosts(spec, domain))


def host_record(spec: Spec, host: Host) -> SpfRecord:
    """Return the record of a host's name: itself (RFC 7208 §10.1.3), and the relays of its mail.

    Bounces have its name in HELO alone; what its programs send has it in MAIL FROM, and comes from
    the address of the relay.
    """
    if not host.is_mta:
        return NOBODY
    relays = () if spec.is_egress(host) else spec.egress
    return SpfRecord((Mechanism("+", "a"), *_addresses(relays), Mechanism("-", "all")))


def _addresses(hosts: Iterable[Host]) -> Iterator[Mechanism]:
    found = {address for host in hosts for address in host.addresses}
    for address in sorted(found, key=lambda address: (address.version, address.packed)):
        yield Mechanism("+", f"ip{address.version}", str(address))


def _others(domain: Domain) -> Iterator[Mechanism]:
    """Yield those who send for the domain from elsewhere."""
    if domain.provider:
        yield Mechanism("+", "include", domain.provider.spf)
    for sender in domain.senders:
        for network in sender.addresses:
            single = network.prefixlen == network.max_prefixlen
            value = str(network.network_address if single else network)
            yield Mechanism("+", f"ip{network.version}", value)
        if sender.include:
            yield Mechanism("+", "include", sender.include)
