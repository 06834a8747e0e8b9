"""The port that a relay needs open, to our own hosts alone."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.postfix.duty import RELAY_PORT, Duty
from mailconf.plugins.postfix.options import PostfixOptions


def relay_port(view: View[PostfixOptions], host: Host) -> Iterator[Setting]:
    """Ask the firewall to let those in who send through this relay; an MX is open anyway."""
    duty = Duty.of(view, host)
    if host.is_("relay") and not duty.mx:
        sources = " ".join(str(a) for sender in duty.senders for a in sender.addresses)
        yield Setting("firewall", host.key, str(RELAY_PORT), sources, "postfix")
