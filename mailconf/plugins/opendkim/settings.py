"""The milter that Postfix is to ask."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.model.spec import Host
from mailconf.plugins.opendkim.options import OpendkimOptions

# Before OpenDMARC (20), which reads the result that OpenDKIM adds.
RANK = 10


def milters(view: View[OpendkimOptions], host: Host) -> Iterator[Setting]:
    """Ask Postfix to verify what arrives, and to sign what users and the system send."""
    socket = f"inet:127.0.0.1:{view.options.port}"
    for key in ("smtpd_milters", "submission_milters", "non_smtpd_milters"):
        yield Setting("postfix", host.key, key, socket, "opendkim", RANK)
