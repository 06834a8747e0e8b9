"""What those who asked for a guarded port are told."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import (
    LocalService,
    LocalServicesGuarded,
    OpenPort,
    PortGuarded,
)
from mailconf.plugins.firewall.options import FirewallOptions


def guarded(view: View[FirewallOptions], host: Host) -> Iterator[PluginRequest]:
    """Tell a plugin which of its ports are closed to all but those whom it named."""
    asked = view.requests_on(host)
    if asked.of(LocalService):
        yield LocalServicesGuarded(host=host.key)
    for opened, source in asked.sources(OpenPort):
        if opened.sources:
            yield PortGuarded(host=host.key, to=source, port=opened.port, order=opened.port)
