"""policyd-rate-limit.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.model.artifact import Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.rate_limits.options import RateLimitsOptions
from mailconf.plugins.rate_limits.requests import is_wanted

SERVICE = "policyd-rate-limit"
PATH = PurePosixPath("etc/policyd-rate-limit.yaml")
NEEDS = (Package(SERVICE), Unit(SERVICE, "restart"))


def daemon_file(view: View[RateLimitsOptions], host: Host) -> Iterator[Render]:
    """Order the configuration of the daemon."""
    if is_wanted(view, host):
        template = "policyd-rate-limit.yaml.j2"
        yield Render(host.key, PATH, template, view.options, SERVICE, needs=NEEDS)
