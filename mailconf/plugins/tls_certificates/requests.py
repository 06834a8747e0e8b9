"""Who answers challenges on port 80: the web server under every name, or certbot while it runs."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import OpenPort
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.web import ServedPage
from mailconf.plugins.tls_certificates.challenge import WEBROOT, url
from mailconf.plugins.tls_certificates.lineages import has_web_server, names_of
from mailconf.plugins.tls_certificates.options import TlsOptions

PORT = 80


def challenges(view: View[TlsOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask for the challenge path of every name, and for an open port 80."""
    names = names_of(view, host) if view.for_host(host).challenge == "http" else ()
    if names:
        yield OpenPort(host=host.key, port=PORT)
        if not has_web_server(view, host):
            yield Listener(host=host.key, port=PORT, service="certbot")
    for name in names if has_web_server(view, host) else ():
        yield ServedPage(host=host.key, url=url(name), path=WEBROOT)
