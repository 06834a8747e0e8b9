"""The lookup tables that Postfix is to ask about envelope addresses."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.accounts import RewrittenSenders
from mailconf.model.requests.firewall import LocalService
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.mta import CanonicalMap, SrsDomain, StartAfter
from mailconf.plugins.postsrsd.options import PostsrsdOptions

# PostSRSd 2 has socket maps only, PostSRSd 1 TCP tables only.
SOCKETMAP = "2.0"
ORDER = 10


def is_wanted(view: View[PostsrsdOptions], host: Host) -> bool:
    """Tell whether mail is forwarded from a host: where aliases and Sieve scripts are carried out."""
    options = view.options
    return bool(options.domain and options.secret) and host.is_("mx", "submission", "mailstore")


def rewriting(view: View[PostsrsdOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask Postfix to rewrite foreign senders on the way out, and bounces back on the way in."""
    options = view.options
    if options.domain and options.secret and host.is_("backup-mx"):
        # The backup only keeps bounces for the MX, which can tell whether they are meant for us.
        yield SrsDomain(host=host.key, domain=options.domain)
    if not is_wanted(view, host):
        return
    yield StartAfter(host=host.key, unit="postsrsd", order=ORDER)
    for port in (options.forward_port, options.reverse_port):
        yield LocalService(host=host.key, port=port)
        yield Listener(host=host.key, port=port, service="PostSRSd", address="127.0.0.1")
    yield RewrittenSenders(host=host.key, domain=options.domain or "")
    if host.target.has("postsrsd", SOCKETMAP):
        socket = f"socketmap:inet:127.0.0.1:{options.forward_port}"
        sender, recipient = f"{socket}:forward", f"{socket}:reverse"
    else:
        sender = f"tcp:127.0.0.1:{options.forward_port}"
        recipient = f"tcp:127.0.0.1:{options.reverse_port}"
    yield CanonicalMap(host=host.key, which="sender", table=sender, order=ORDER)
    yield CanonicalMap(host=host.key, which="recipient", table=recipient, order=ORDER)
