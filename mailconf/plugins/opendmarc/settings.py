"""The milter that Postfix is to ask on port 25."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.model.spec import Host
from mailconf.plugins.opendmarc.options import OpendmarcOptions

# After OpenDKIM (10), whose result it reads.
RANK = 20


def milters(view: View[OpendmarcOptions], host: Host) -> Iterator[Setting]:
    """Ask Postfix to have arriving mail judged; submitted mail is not judged."""
    socket = f"inet:127.0.0.1:{view.options.port}"
    yield Setting("postfix", host.key, "smtpd_milters", socket, "opendmarc", RANK)
