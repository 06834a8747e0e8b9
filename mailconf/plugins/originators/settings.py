"""The milter that Postfix is to ask before all others."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.originators.options import OriginatorsOptions

SERVICE = "mailconf-originators"
# Before signers and verifiers (10, 20): what they judge has one author.
RANK = 5
WAYS_IN = ("smtpd_milters", "submission_milters", "non_smtpd_milters")


def milters(view: View[OriginatorsOptions], host: Host) -> Iterator[Setting]:
    """Ask Postfix to have every message checked, however it comes in."""
    if not host.is_mta:
        return
    socket = f"inet:127.0.0.1:{view.options.port}"
    yield Setting("postfix", host.key, "after", SERVICE, "originators", RANK)
    for key in WAYS_IN:
        yield Setting("postfix", host.key, key, socket, "originators", RANK)
