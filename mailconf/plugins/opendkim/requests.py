"""The milter that Postfix is to ask, and who judges with what it finds."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import LocalService
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.mail import JudgeMail, RunSigner
from mailconf.model.requests.mta import StartAfter
from mailconf.model.signer_milters import signer_milters
from mailconf.plugins.opendkim.options import OpendkimOptions

# Before OpenDMARC (20), which reads the result that OpenDKIM adds.
ORDER = 10


def is_wanted(view: View[OpendkimOptions], host: Host) -> bool:
    """Tell whether the dkim plugin has chosen this daemon on a host."""
    return bool(view.requests_on(host).of(RunSigner))


def milters(view: View[OpendkimOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask Postfix to verify what arrives, and to sign what users and the system send."""
    if not is_wanted(view, host):
        return
    socket = f"inet:127.0.0.1:{view.options.port}"
    yield StartAfter(host=host.key, unit="opendkim", order=ORDER)
    yield LocalService(host=host.key, port=view.options.port)
    yield Listener(host=host.key, port=view.options.port, service="OpenDKIM", address="127.0.0.1")
    yield from signer_milters(view.spec, host, socket, ORDER)
    if host.is_("mx", "backup-mx"):
        # Alone it only verifies: SPF and the sender's policy are judged by others.
        yield JudgeMail(host=host.key)
