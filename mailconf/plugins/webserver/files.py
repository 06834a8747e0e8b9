"""The nginx file that holds all our virtual hosts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.formats.ciphers import CIPHER_LIST
from mailconf.model.artifact import Certificate, Checker, Need, Package, Render, Unit
from mailconf.model.host import Host, Tls
from mailconf.model.plugin import View
from mailconf.plugins.webserver.options import WebserverOptions
from mailconf.plugins.webserver.sites import Site, sites

PATH = PurePosixPath("etc/nginx/conf.d/mailconf.conf")


@dataclass(frozen=True, slots=True)
class NginxData:
    """What the template prints."""

    sites: tuple[Site, ...]
    tls: Tls
    ciphers: str = CIPHER_LIST


def site_file(view: View[WebserverOptions], host: Host) -> Iterator[Render]:
    """Order one file of virtual hosts; Debian's nginx.conf includes it."""
    wanted = sites(view.settings_of(host))
    if wanted:
        tls = host.tls
        needs: list[Need] = [Package("nginx-light"), Unit("nginx", "reload")]
        needs.append(Checker(("nginx", "-t", "-q")))
        needs += [
            Certificate(tls.certificate, tls.private_key, site.name)
            for site in wanted
            if site.is_https
        ]
        data = NginxData(wanted, tls)
        yield Render(host.key, PATH, "mailconf.conf.j2", data, "nginx", needs=tuple(needs))
