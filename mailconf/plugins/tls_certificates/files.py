"""systemd units that tell each daemon when a certificate it serves has been renewed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Checker, Need, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.tls_certificates.options import TlsOptions

UNITS = PurePosixPath("etc/systemd/system")
NAME = "mailconf-certificates"


@dataclass(frozen=True, slots=True)
class Renewal:
    """What to watch and whom to tell; directories, because certbot exchanges links in them."""

    directories: tuple[str, ...]
    services: tuple[str, ...]


def renewal_units(view: View[TlsOptions], host: Host) -> Iterator[Render]:
    """Order a path unit and its service, for the daemons that say which certificates they serve."""
    asked = view.settings_of(host)
    if not asked:
        return
    folders = sorted({str(PurePosixPath(setting.key).parent) for setting in asked})
    data = Renewal(tuple(folders), tuple(sorted({setting.value for setting in asked})))
    watcher = f"{NAME}.path"
    needs: tuple[Need, ...] = (Unit(watcher, "restart"), *_checker(host, watcher))
    yield Render(host.key, UNITS / watcher, "renewal.path.j2", data, watcher, needs=needs)
    yield Render(host.key, UNITS / f"{NAME}.service", "renewal.service.j2", data, watcher)


def _checker(host: Host, watcher: str) -> Iterator[Checker]:
    """Older releases cannot verify a unit unless systemd runs; it speaks of other units as well."""
    if host.target.has("systemd", "250"):
        yield Checker(("systemd-analyze", "verify", f"/{UNITS / watcher}"), chatty=True)
