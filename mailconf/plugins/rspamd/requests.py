"""The milter that Postfix is to ask, and what Dovecot does with marked mail."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import LocalService
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.mail import LearnSpam, MailChecked, RunSigner, SieveBefore
from mailconf.model.requests.mta import StartAfter
from mailconf.model.signer_milters import signer_milters
from mailconf.plugins.rspamd.options import RspamdOptions

ORDER = 10
# X-Spam is what worker-proxy adds from the `add_header` score on. Nothing runs after it.
TO_JUNK = """require ["fileinto"];
if header :is "X-Spam" "Yes" {
    fileinto "Junk";
    stop;
}
"""


def is_wanted(view: View[RspamdOptions], host: Host) -> bool:
    """Tell whether the dkim plugin has chosen this daemon on a host."""
    return bool(view.requests_on(host).of(RunSigner))


def milters(view: View[RspamdOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask Postfix to have mail signed and judged, and the stores to sort what is marked."""
    if not is_wanted(view, host):
        return
    socket = f"inet:127.0.0.1:{view.options.port}"
    yield MailChecked(host=host.key, what="dmarc")
    yield StartAfter(host=host.key, unit="rspamd", order=ORDER)
    for port in (view.options.port, view.options.controller_port):
        yield LocalService(host=host.key, port=port)
        yield Listener(host=host.key, port=port, service="Rspamd", address="127.0.0.1")
    yield from signer_milters(view.spec, host, socket, ORDER)
    if host.is_("mx"):
        for store in view.spec.hosts_with("mailstore"):
            yield SieveBefore(host=store.key, script=TO_JUNK)
        if view.options.learn:
            controller = f"127.0.0.1:{view.options.controller_port}"
            yield LearnSpam(host=host.key, controller=controller)
