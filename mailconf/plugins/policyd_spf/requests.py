"""The policy service that Postfix is to ask on port 25."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.accounts import SpfFieldAdded
from mailconf.model.requests.mail import JudgeMail
from mailconf.model.requests.mta import MasterCfEntry, PolicyService
from mailconf.plugins.policyd_spf.options import PolicydSpfOptions

# Before quota (50): a forger need not learn whose mailbox is full.
ORDER = 10
SERVICE = "policyd-spf"
DAEMON = f"{SERVICE} unix - n n - 0 spawn user={SERVICE} argv=/usr/bin/policyd-spf"


def is_wanted(view: View[PolicydSpfOptions], host: Host) -> bool:
    """Tell whether a verifier that knows nothing of SPF asks for us."""
    return bool(view.requests_on(host).of(JudgeMail))


def policy_service(view: View[PolicydSpfOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask Postfix to run the service and to ask it about every recipient from outside."""
    if is_wanted(view, host):
        socket = f"unix:private/{SERVICE}"
        yield PolicyService(host=host.key, stage="mx-recipient", address=socket, order=ORDER)
        yield MasterCfEntry(host=host.key, line=DAEMON, order=ORDER)
        # Its Received-SPF field is the first of all; those of others are taken out.
        yield SpfFieldAdded(host=host.key)
