"""Who answers challenges on port 80: the web server under every name, or certbot while it runs."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.tls_certificates.challenge import WEBROOT, url
from mailconf.plugins.tls_certificates.lineages import has_web_server, names_of
from mailconf.plugins.tls_certificates.options import TlsOptions

PORT = "80"


def challenges(view: View[TlsOptions], host: Host) -> Iterator[Setting]:
    """Ask for the challenge path of every name, and for an open port 80."""
    names = names_of(view, host) if view.for_host(host).challenge == "http" else ()
    if names:
        yield Setting("firewall", host.key, PORT, "", "tls_certificates")
    for name in names if has_web_server(view, host) else ():
        yield Setting("web", host.key, url(name), WEBROOT, "tls_certificates")
