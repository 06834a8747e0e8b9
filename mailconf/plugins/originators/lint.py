"""Services on a host that believe every program on it are out of reach of most of them."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.firewall import LocalService, LocalServicesGuarded
from mailconf.plugins.originators.options import OriginatorsOptions

UNGUARDED = Rule(
    code="PRT018",
    name="local-services-not-restricted",
    severity=Severity.WARNING,
    message="every local account of {key} can connect to ports {ports}, which sign and deliver mail from any author",
    fix="enable the firewall plugin, or restrict these ports to root, the MTA and the mail store in your own packet filter and waive this",
    ref="nft(8), meta skuid",
    bad="plugins: {firewall: off}",
    good="plugins: {firewall: on}",
)


def services_are_guarded(view: View[OriginatorsOptions], host: Host) -> Iterator[Finding]:
    """Yield the ports that nothing guards: the firewall answers where it does."""
    asked = view.requests_on(host)
    ports = sorted({service.port for service in asked.of(LocalService)})
    if ports and not asked.of(LocalServicesGuarded):
        shown = ", ".join(map(str, ports))
        yield UNGUARDED.at(host.key, ("plugins", "firewall"), key=host.key, ports=shown)
