"""The lookup table that Postfix is to ask about each destination."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.mta import StartAfter, TlsPolicyMap
from mailconf.plugins.mta_sts_resolver.options import MtaStsResolverOptions

ORDER = 50


def is_wanted(view: View[MtaStsResolverOptions], host: Host) -> bool:
    """Tell whether mail leaves for the Internet from a host."""
    return view.options.enabled and view.spec.is_egress(host)


def loopback(host: Host) -> str:
    """Return where the daemon listens: Postfix asks from its client, which keeps to the host's families."""
    return "::1" if host.families == {6} else "127.0.0.1"


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def policy_map(view: View[MtaStsResolverOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask Postfix to look up policies, after the operator's own."""
    if is_wanted(view, host):
        unit = "postfix-mta-sts-resolver"
        yield StartAfter(host=host.key, unit=unit, order=ORDER)
        port, address = view.options.port, loopback(host)
        yield Listener(host=host.key, port=port, service=unit, address=address)
        table = f"socketmap:inet:{_bracketed(loopback(host))}:{view.options.port}:postfix"
        yield TlsPolicyMap(host=host.key, table=table, order=ORDER)
