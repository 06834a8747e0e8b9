"""mta-sts-daemon.yml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.model.artifact import Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.mta_sts_resolver.options import MtaStsResolverOptions
from mailconf.plugins.mta_sts_resolver.settings import is_wanted

PATH = PurePosixPath("etc/mta-sts-daemon.yml")
SERVICE = "postfix-mta-sts-resolver"
NEEDS = (Package(SERVICE), Unit(SERVICE, "restart"))


def daemon_file(view: View[MtaStsResolverOptions], host: Host) -> Iterator[Render]:
    """Order the configuration of the daemon."""
    if is_wanted(view, host):
        yield Render(host.key, PATH, "mta-sts-daemon.yml.j2", view.options, SERVICE, needs=NEEDS)
