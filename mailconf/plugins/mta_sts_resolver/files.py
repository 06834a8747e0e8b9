"""mta-sts-daemon.yml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.mta_sts_resolver.options import MtaStsResolverOptions
from mailconf.plugins.mta_sts_resolver.requests import is_wanted, loopback

PATH = PurePosixPath("etc/mta-sts-daemon.yml")
SERVICE = "postfix-mta-sts-resolver"
NEEDS = (Package(SERVICE), Unit(SERVICE, "restart"))


@dataclass(frozen=True, slots=True)
class ResolverData:
    """What the template prints; `address` is one of the loopback interface."""

    options: MtaStsResolverOptions
    address: str


def daemon_file(view: View[MtaStsResolverOptions], host: Host) -> Iterator[Render]:
    """Order the configuration of the daemon."""
    if is_wanted(view, host):
        data = ResolverData(view.options, loopback(host))
        yield Render(host.key, PATH, "mta-sts-daemon.yml.j2", data, SERVICE, needs=NEEDS)
