"""The nginx files that hold all virtual hosts: port 80, which needs no certificate, and port 443."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.formats.ciphers import CIPHER_LIST
from mailconf.model.artifact import Checker, Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.web import ServedPage
from mailconf.plugins.webserver.certificates import Secured, certificates, secured
from mailconf.plugins.webserver.options import WebserverOptions
from mailconf.plugins.webserver.sites import Server, servers, sites

DIRECTORY = PurePosixPath("etc/nginx/conf.d")
PLAIN, ENCRYPTED = DIRECTORY / "mailconf-http.conf", DIRECTORY / "mailconf.conf"
NEEDS = (Package("nginx-light"), Unit("nginx", "reload"), Checker(("nginx", "-t", "-q")))
# nginx's default; with more names than it has places, it warns at every start.
HASH_SIZE = 512
LISTEN = re.compile(r"^[ \t]*listen[ \t]+(?:(\[[^\]]*\]|[^\s:;]+):)?([0-9]+)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PlainData:
    """What the template of port 80 prints."""

    servers: tuple[Server, ...]
    hash_size: int


@dataclass(frozen=True, slots=True)
class EncryptedData:
    """What the template of port 443 prints."""

    sites: tuple[Secured, ...]
    hash_size: int
    ciphers: str = CIPHER_LIST


def site_files(view: View[WebserverOptions], host: Host) -> Iterator[Render]:
    """Order the files of virtual hosts; Debian's nginx.conf includes them.

    Port 80 has a file of its own: nginx can start with it before there is a certificate.
    """
    wanted = sites(view.requests_on(host).of(ServedPage))
    plain = tuple(servers(site for site in wanted if not site.is_https))
    size = _hash_size(len(wanted))
    if plain:
        yield Render(
            host.key, PLAIN, "mailconf-http.conf.j2", PlainData(plain, size), "nginx",
            needs=NEEDS, restart_on=addresses,
        )  # fmt: skip
    encrypted = tuple(secured(view, host, wanted))
    if encrypted:
        # What concerns all names may stand once: with port 80, where that is served.
        data = EncryptedData(encrypted, 0 if plain else size)
        yield Render(
            host.key, ENCRYPTED, "mailconf.conf.j2", data, "nginx",
            needs=(*NEEDS, *certificates(view, host, (site.name for site in encrypted))), restart_on=addresses,
        )  # fmt: skip


def _hash_size(names: int) -> int:
    """Return the next power of two that leaves every name a place of its own."""
    return max(HASH_SIZE, 1 << (2 * names).bit_length())


def addresses(text: str) -> dict[str, str]:
    """Return the addresses by port: to bind one beside `*` fails, and nginx keeps all as it was."""
    found: dict[str, set[str]] = {}
    for address, port in LISTEN.findall(text):
        found.setdefault(f"port {port}", set()).add(address or "*")
    return {port: " ".join(sorted(bound)) for port, bound in sorted(found.items())}
