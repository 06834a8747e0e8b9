"""What those who asked for a guarded port are told."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.firewall.options import FirewallOptions


def guarded(view: View[FirewallOptions], host: Host) -> Iterator[Setting]:
    """Tell a plugin which of its ports are closed to all but those whom it named."""
    for setting in view.settings_of(host):
        if setting.value and setting.key.isdigit():
            port = setting.key
            yield Setting(
                setting.source, host.key, "guarded", port, "firewall", int(port), is_answer=True
            )
