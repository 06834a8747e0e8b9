"""What the operator keeps open and should not, and what is missing there."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.firewall.options import FirewallOptions
from mailconf.plugins.firewall.ports import inner

INNER_OPENED = Rule(
    code="HST040",
    name="keep-open-inner-port",
    severity=Severity.ERROR,
    message="keep_open {kept} of host {key} opens port {port}, which only {sources} may reach",
    fix="remove the port from keep_open",
    bad=(
        "protocols: {imaps: {port: 993, proxies: [192.0.2.1]}}\n"
        "plugins: {firewall: {keep_open: [22, tcp/990-995]}}"
    ),
    good=(
        "protocols: {imaps: {port: 993, proxies: [192.0.2.1]}}\n"
        "plugins: {firewall: {keep_open: [22, tcp/994-995]}}"
    ),
)
NO_WAY_IN = Rule(
    code="HST041",
    name="keep-open-empty",
    severity=Severity.NOTICE,
    message="host {key} keeps no TCP port open, so the packet filter closes SSH",
    fix="set firewall.keep_open to the port of SSH, or waive this where the host has a console",
    bad="plugins: {firewall: {keep_open: []}}",
    good="plugins: {firewall: {keep_open: [tcp/2222]}}",
)


def kept_ports_fit(view: View[FirewallOptions], host: Host) -> Iterator[Finding]:
    """Yield ports of keep_open that are for some hosts only, and a host without any."""
    options, guarded = view.for_host(host), inner(view, host)
    where = ("hosts", host.key)
    for kept in options.keep_open:
        for port, sources in guarded.items():
            if kept.protocol == "tcp" and kept.first <= port <= kept.last:
                facts = {"kept": kept, "port": port, "sources": ", ".join(sources)}
                yield INNER_OPENED.at(host.key, where, key=host.key, **facts)
    if not any(kept.protocol == "tcp" for kept in options.keep_open):
        yield NO_WAY_IN.at(host.key, where, key=host.key)
