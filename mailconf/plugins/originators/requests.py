"""The milter that the MTA is to ask before all others."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.accounts import AuthorsHeld
from mailconf.model.requests.firewall import LocalService
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.mail import MailChecked
from mailconf.model.requests.mta import Milter, StartAfter, WayIn
from mailconf.plugins.originators.options import OriginatorsOptions

SERVICE = "mailconf-originators"
LOOPBACK = "127.0.0.1"
# Before signers and verifiers (10, 20): what they judge has one author.
ORDER = 5
WAYS_IN: tuple[WayIn, ...] = ("smtpd", "submission", "local")


def is_needed(view: View[OriginatorsOptions], host: Host) -> bool:
    """Tell whether a host handles mail, and its MTA does not check authors itself."""
    return host.is_mta and not view.requests_on(host).of(AuthorsHeld)


def milters(view: View[OriginatorsOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask the MTA to have every message checked, however it comes in."""
    if not is_needed(view, host):
        return
    socket = f"inet:127.0.0.1:{view.options.port}"
    yield StartAfter(host=host.key, unit=SERVICE, order=ORDER)
    yield LocalService(host=host.key, port=view.options.port)
    yield Listener(host=host.key, port=view.options.port, service=SERVICE, address=LOOPBACK)
    yield MailChecked(host=host.key, what="authors")
    for way in WAYS_IN:
        yield Milter(host=host.key, way=way, address=socket, order=ORDER)
