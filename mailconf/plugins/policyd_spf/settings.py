"""The policy service that Postfix is to ask on port 25."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.policyd_spf.options import PolicydSpfOptions

# Before quota (50): a forger need not learn whose mailbox is full.
RANK = 10
SERVICE = "policyd-spf"
DAEMON = f"{SERVICE} unix - n n - 0 spawn user={SERVICE} argv=/usr/bin/policyd-spf"


def is_wanted(view: View[PolicydSpfOptions], host: Host) -> bool:
    """Tell whether a verifier that knows nothing of SPF asks for us."""
    return bool(view.asked(host, "judge"))


def policy_service(view: View[PolicydSpfOptions], host: Host) -> Iterator[Setting]:
    """Ask Postfix to run the service and to ask it about every recipient from outside."""
    if is_wanted(view, host):
        socket = f"unix:private/{SERVICE}"
        yield Setting("postfix", host.key, "mx_policy", socket, "policyd_spf", RANK)
        yield Setting("postfix", host.key, "master_cf", DAEMON, "policyd_spf", RANK)
        # Its Received-SPF field is the first of all; those of others are taken out.
        yield Setting("originators", host.key, "spf_field", "yes", "policyd_spf")
