"""The ports that the web server needs open, and the certificates that it serves."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.load import WEB_SOURCE
from mailconf.model.plugin import View
from mailconf.model.setting import Setting, serves
from mailconf.plugins.webserver.certificates import certificates
from mailconf.plugins.webserver.files import PLAIN
from mailconf.plugins.webserver.options import WebserverOptions
from mailconf.plugins.webserver.sites import name_of, scheme_of


def open_ports(view: View[WebserverOptions], host: Host) -> Iterator[Setting]:
    """Ask the firewall to open the ports of every site, and say which certificates are served."""
    asked = view.settings_of(host)
    schemes = {scheme_of(setting) for setting in asked}
    if asked:
        yield Setting("tls_certificates", host.key, "web", f"/{PLAIN}", "webserver", 0)
    encrypted = dict.fromkeys(name_of(one) for one in asked if scheme_of(one) == "https")
    for shown in certificates(view, host, encrypted):
        yield from serves(host.key, "nginx", shown, "webserver")
    for port in sorted({"443" if scheme == "https" else "80" for scheme in schemes}):
        yield Setting("firewall", host.key, port, "", "webserver")
        yield Setting("firewall", host.key, f"sources {port}", str(WEB_SOURCE), "webserver")
