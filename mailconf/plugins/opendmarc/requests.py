"""The milter that Postfix is to ask on port 25."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import LocalService
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.mail import JudgeMail, MailChecked
from mailconf.model.requests.mta import Milter, StartAfter
from mailconf.plugins.opendmarc.options import OpendmarcOptions

# After OpenDKIM (10), whose result it reads.
ORDER = 20


def is_wanted(view: View[OpendmarcOptions], host: Host) -> bool:
    """Tell whether a verifier that judges nothing itself asks for us."""
    return bool(view.requests_on(host).of(JudgeMail))


def milters(view: View[OpendmarcOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask Postfix to have arriving mail judged; submitted mail is not judged."""
    if is_wanted(view, host):
        socket = f"inet:127.0.0.1:{view.options.port}"
        yield MailChecked(host=host.key, what="dmarc")
        yield StartAfter(host=host.key, unit="opendmarc", order=ORDER)
        yield LocalService(host=host.key, port=view.options.port)
        yield Listener(
            host=host.key, port=view.options.port, service="OpenDMARC", address="127.0.0.1"
        )
        yield Milter(host=host.key, way="smtpd", address=socket, order=ORDER)
