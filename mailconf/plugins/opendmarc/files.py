"""opendmarc.conf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Checker, Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.opendmarc.options import OpendmarcOptions
from mailconf.plugins.opendmarc.requests import is_wanted

PATH = PurePosixPath("etc/opendmarc.conf")
NEEDS = (
    Package("opendmarc"),
    Package("publicsuffix"),
    Unit("opendmarc", "restart"),
    Checker(("opendmarc", "-n", "-c", "/etc/opendmarc.conf")),
)


@dataclass(frozen=True, slots=True)
class OpendmarcData:
    """What the template prints."""

    host: Host
    port: int
    ours: tuple[str, ...]
    """Addresses whose mail is not judged here: of the host itself, and of others of ours."""


def daemon_file(view: View[OpendmarcOptions], host: Host) -> Iterator[Render]:
    """Order the configuration of each host's daemon."""
    if not is_wanted(view, host):
        return
    ours = view.spec.hosts_not_judged_by(host)
    addresses = tuple(str(address) for one in (host, *ours) for address in one.addresses)
    data = OpendmarcData(host, view.options.port, addresses)
    yield Render(host.key, PATH, "opendmarc.conf.j2", data, "opendmarc", needs=NEEDS)
    path = PurePosixPath("etc/opendmarc/ignore.hosts")
    yield Render(host.key, path, "ignore.hosts.j2", data, "opendmarc")
