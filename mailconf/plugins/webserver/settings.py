"""The ports that the web server needs open."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.load import WEB_SOURCE
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.webserver.options import WebserverOptions
from mailconf.plugins.webserver.sites import scheme_of


def open_ports(view: View[WebserverOptions], host: Host) -> Iterator[Setting]:
    """Ask the firewall to open the ports of every site, and say which certificate they serve."""
    schemes = {scheme_of(setting) for setting in view.settings_of(host)}
    if "https" in schemes:
        file = host.tls.certificate
        yield Setting("tls_certificates", host.key, file, "nginx", "webserver", 0)
    for port in sorted({"443" if scheme == "https" else "80" for scheme in schemes}):
        yield Setting("firewall", host.key, port, "", "webserver")
        yield Setting("firewall", host.key, f"sources {port}", str(WEB_SOURCE), "webserver")
