"""The lookup tables that Postfix is to ask about envelope addresses."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.postsrsd.options import PostsrsdOptions

# PostSRSd 2 has socket maps only, PostSRSd 1 TCP tables only.
SOCKETMAP = "2.0"


def is_wanted(view: View[PostsrsdOptions], host: Host) -> bool:
    """Tell whether mail is forwarded from a host: where aliases and Sieve scripts are carried out."""
    options = view.options
    return bool(options.domain and options.secret) and host.is_("mx", "submission", "mailstore")


def rewriting(view: View[PostsrsdOptions], host: Host) -> Iterator[Setting]:
    """Ask Postfix to rewrite foreign senders on the way out, and bounces back on the way in."""
    options = view.options
    if options.domain and options.secret and host.is_("backup-mx"):
        # The backup only keeps bounces for the MX, which can tell whether they are meant for us.
        yield Setting("postfix", host.key, "srs_domain", options.domain, "postsrsd")
    if not is_wanted(view, host):
        return
    yield Setting("postfix", host.key, "after", "postsrsd", "postsrsd", 10)
    if host.target.has("postsrsd", SOCKETMAP):
        socket = f"socketmap:inet:127.0.0.1:{options.forward_port}"
        tables = {"sender": f"{socket}:forward", "recipient": f"{socket}:reverse"}
    else:
        tables = {
            "sender": f"tcp:127.0.0.1:{options.forward_port}",
            "recipient": f"tcp:127.0.0.1:{options.reverse_port}",
        }
    for which, table in tables.items():
        yield Setting("postfix", host.key, f"{which}_canonical_maps", table, "postsrsd", 10)
