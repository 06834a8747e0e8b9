"""policyd-spf.conf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Package, Render
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.policyd_spf.options import PolicydSpfOptions
from mailconf.plugins.policyd_spf.requests import is_wanted

PATH = PurePosixPath("etc/postfix-policyd-spf-python/policyd-spf.conf")
NEEDS = (Package("postfix-policyd-spf-python"),)
LOOPBACK = ("127.0.0.0/8", "::1/128")


@dataclass(frozen=True, slots=True)
class PolicyData:
    """What the template prints; `skipped` are networks whose mail is not checked."""

    host: Host
    options: PolicydSpfOptions
    skipped: str


def policy_file(view: View[PolicydSpfOptions], host: Host) -> Iterator[Render]:
    """Order the configuration; Postfix starts the program itself."""
    if not is_wanted(view, host):
        return
    others = view.spec.hosts_not_judged_by(host)
    ours = (f"{a}/{a.max_prefixlen}" for other in others for a in other.addresses)
    data = PolicyData(host, view.options, ",".join((*LOOPBACK, *ours)))
    yield Render(host.key, PATH, "policyd-spf.conf.j2", data, "postfix", needs=NEEDS)
