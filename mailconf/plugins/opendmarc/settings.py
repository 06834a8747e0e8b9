"""The milter that Postfix is to ask on port 25."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.opendmarc.options import OpendmarcOptions

# After OpenDKIM (10), whose result it reads.
RANK = 20


def is_wanted(view: View[OpendmarcOptions], host: Host) -> bool:
    """Tell whether a verifier that judges nothing itself asks for us."""
    return bool(view.asked(host, "judge"))


def milters(view: View[OpendmarcOptions], host: Host) -> Iterator[Setting]:
    """Ask Postfix to have arriving mail judged; submitted mail is not judged."""
    if is_wanted(view, host):
        socket = f"inet:127.0.0.1:{view.options.port}"
        yield Setting("postfix", host.key, "after", "opendmarc", "opendmarc", RANK)
        yield Setting("postfix", host.key, "smtpd_milters", socket, "opendmarc", RANK)
