"""The ports that the web server needs open, and the certificates that it serves."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.load import WEB_SOURCE
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import ConnectionLimit, OpenPort
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.web import PlainSites, ServedPage, serves
from mailconf.plugins.webserver.certificates import certificates
from mailconf.plugins.webserver.files import PLAIN
from mailconf.plugins.webserver.options import WebserverOptions
from mailconf.plugins.webserver.sites import name_of, scheme_of


def open_ports(view: View[WebserverOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask the firewall to open the ports of every site, and say which certificates are served."""
    asked = view.requests_on(host).of(ServedPage)
    schemes = {scheme_of(page) for page in asked}
    if asked:
        yield PlainSites(host=host.key, file=f"/{PLAIN}")
    encrypted = dict.fromkeys(name_of(one) for one in asked if scheme_of(one) == "https")
    for shown in certificates(view, host, encrypted):
        yield from serves(host.key, "nginx", shown)
    for port in sorted({443 if scheme == "https" else 80 for scheme in schemes}):
        yield OpenPort(host=host.key, port=port)
        yield Listener(host=host.key, port=port, service="nginx")
        yield ConnectionLimit(host=host.key, port=port, connections=WEB_SOURCE)
