"""The policy service that Postfix is to ask about every recipient of a user's mail."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import LocalService
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.mta import PolicyService, Stage, StartAfter
from mailconf.plugins.rate_limits.options import RateLimitsOptions

# Last: what is refused for another reason does not count.
ORDER = 90
# From this release on the daemon counts all recipients at once, when the message is to come.
BY_MESSAGE = "1.2"


def is_wanted(view: View[RateLimitsOptions], host: Host) -> bool:
    """Tell whether users send through a host and the operator wants that limited."""
    return bool(view.options.per_login) and host.is_("submission")


def policy_service(view: View[RateLimitsOptions], host: Host) -> Iterator[PluginRequest]:
    """Ask Postfix to have recipients counted by login."""
    if is_wanted(view, host):
        unit = "policyd-rate-limit"
        yield StartAfter(host=host.key, unit=unit, order=ORDER)
        yield LocalService(host=host.key, port=view.options.port)
        yield Listener(host=host.key, port=view.options.port, service=unit, address="127.0.0.1")
        # If the counter database fails, accept mail.
        counter = f"inet:127.0.0.1:{view.options.port}"
        by_message = host.target.has("rate-limit", BY_MESSAGE)
        stage: Stage = "submission-data" if by_message else "submission-recipient"
        yield PolicyService(host=host.key, stage=stage, address=counter, timeout="10s", order=ORDER)
