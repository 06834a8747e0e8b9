"""systemd units that have each daemon serve a renewed certificate, and how renewal is proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Checker, Directory, Need, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.web import CertificateUse
from mailconf.plugins.tls_certificates.challenge import PROBE_FILE, WEBROOT, issue
from mailconf.plugins.tls_certificates.lineages import has_web_server, lineages, web_files
from mailconf.plugins.tls_certificates.options import TlsOptions

UNITS = PurePosixPath("etc/systemd/system")
NAME = "mailconf-certificates"


@dataclass(frozen=True, slots=True)
class Renewal:
    """What to watch and whom to tell; directories, because certbot exchanges links in them."""

    directories: tuple[str, ...]
    services: tuple[str, ...]


def renewal_units(view: View[TlsOptions], host: Host) -> Iterator[Render]:
    """Order a path unit and its service, for the daemons that serve certificates, and the probe."""
    is_served = view.for_host(host).challenge == "http" and has_web_server(view, host)
    if is_served:
        webroot = Directory(WEBROOT, "root", "root", 0o755)
        yield Render(host.key, PROBE_FILE, "probe.j2", host.hostname, needs=(webroot,))
    uses = view.requests_on(host).of(CertificateUse)
    if not uses:
        return
    folders = sorted({str(PurePosixPath(use.path).parent) for use in uses})
    data = Renewal(tuple(folders), tuple(sorted({use.service for use in uses})))
    watcher = f"{NAME}.path"
    options, web = view.for_host(host), web_files(view, host)
    issues = [issue(one, options, web, is_served=is_served) for one in lineages(view, host)]
    needs: tuple[Need, ...] = (Unit(watcher, "restart"), *_checker(host, watcher), *issues)
    yield Render(host.key, UNITS / watcher, "renewal.path.j2", data, watcher, needs=needs)
    yield Render(host.key, UNITS / f"{NAME}.service", "renewal.service.j2", data, watcher)


def _checker(host: Host, watcher: str) -> Iterator[Checker]:
    """Older releases cannot verify a unit unless systemd runs; it speaks of other units as well."""
    if host.target.has("systemd", "250"):
        yield Checker(("systemd-analyze", "verify", f"/{UNITS / watcher}"), chatty=True)
