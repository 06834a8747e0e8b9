"""The milter that Postfix is to ask, and what Dovecot does with marked mail."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.rspamd.options import RspamdOptions

RANK = 10
# X-Spam is what worker-proxy adds from the `add_header` score on. Nothing runs after it.
TO_JUNK = """require ["fileinto"];
if header :is "X-Spam" "Yes" {
    fileinto "Junk";
    stop;
}
"""


def is_wanted(view: View[RspamdOptions], host: Host) -> bool:
    """Tell whether the dkim plugin has chosen this daemon on a host."""
    return bool(view.asked(host, "run"))


def milters(view: View[RspamdOptions], host: Host) -> Iterator[Setting]:
    """Ask Postfix to have mail signed and judged, and the stores to sort what is marked."""
    if not is_wanted(view, host):
        return
    socket = f"inet:127.0.0.1:{view.options.port}"
    yield Setting("postfix", host.key, "after", "rspamd", "rspamd", RANK)
    signs = view.spec.is_egress(host)
    for key in ("submission_milters", "non_smtpd_milters") if signs else ():
        yield Setting("postfix", host.key, key, socket, "rspamd", RANK)
    # Programs of a send-only host may send by SMTP, too.
    if host.is_("mx", "backup-mx", "relay") or (signs and host.is_("send-only")):
        yield Setting("postfix", host.key, "smtpd_milters", socket, "rspamd", RANK)
    if host.is_("mx"):
        for store in view.spec.hosts_with("mailstore"):
            yield Setting("dovecot", store.key, "sieve_before", TO_JUNK, "rspamd")
        if view.options.learn:
            controller = f"127.0.0.1:{view.options.controller_port}"
            yield Setting("dovecot", host.key, "learn", controller, "rspamd")
