"""The milter that Postfix is to ask, and who judges with what it finds."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.opendkim.options import OpendkimOptions

# Before OpenDMARC (20), which reads the result that OpenDKIM adds.
RANK = 10


def is_wanted(view: View[OpendkimOptions], host: Host) -> bool:
    """Tell whether the dkim plugin has chosen this daemon on a host."""
    return bool(view.asked(host, "run"))


def milters(view: View[OpendkimOptions], host: Host) -> Iterator[Setting]:
    """Ask Postfix to verify what arrives, and to sign what users and the system send."""
    if not is_wanted(view, host):
        return
    socket = f"inet:127.0.0.1:{view.options.port}"
    yield Setting("postfix", host.key, "after", "opendkim", "opendkim", RANK)
    signs = view.spec.is_egress(host)
    for key in ("submission_milters", "non_smtpd_milters") if signs else ():
        yield Setting("postfix", host.key, key, socket, "opendkim", RANK)
    # Programs of a send-only host may send by SMTP, too.
    if host.is_("mx", "backup-mx", "relay") or (signs and host.is_("send-only")):
        yield Setting("postfix", host.key, "smtpd_milters", socket, "opendkim", RANK)
    if host.is_("mx", "backup-mx"):
        # Alone it only verifies: SPF and the sender's policy are judged by others.
        for judge in ("opendmarc", "policyd_spf"):
            yield Setting(judge, host.key, "judge", "yes", "opendkim")
