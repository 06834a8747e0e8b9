"""The keys that the signing daemon is to use, and which daemon that is on each host."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute, is_under
from mailconf.model.domain import Domain
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.dkim.options import DkimOptions


def signer_of(view: View[DkimOptions], host: Host) -> Iterator[Setting]:
    """Tell the chosen daemon where to run: where mail arrives, and where it leaves."""
    if host.is_("mx", "backup-mx") or host in view.spec.egress:
        yield Setting(view.for_host(host).signer, host.key, "run", "yes", "dkim")
    if host in view.spec.egress:
        for sender in (host, *view.spec.senders_through(host)):
            yield from _host_name(view, host, sender)


def _host_name(view: View[DkimOptions], signer: Host, sender: Host) -> Iterator[Setting]:
    """Bounces come from a host's own name; the domain above it signs them (RFC 9989 §4.4.1)."""
    name = absolute(sender.hostname)
    above = [d for d in view.spec.domains.values() if is_under(name, absolute(d.name)) and d.sends]
    signing = [domain.name for domain in above if _signs(view.for_domain(domain))]
    if signing:
        key, best = f"name {sender.hostname}", max(signing, key=len)
        yield Setting(view.for_host(signer).signer, signer.key, key, best, "dkim")


def _signs(options: DkimOptions) -> bool:
    return any(s.state == "active" and s.private_key for s in options.selectors.values())


def signing_keys(view: View[DkimOptions], domain: Domain) -> Iterator[Setting]:
    """Ask the signers where mail leaves to use the active keys: `key domain selector type`.

    No other host needs the private halves.
    """
    for name, selector in view.options.selectors.items() if domain.sends else ():
        if selector.state == "active" and selector.private_key:
            for host in view.spec.egress:
                key = f"key {domain.name} {name} {selector.type}"
                signer = view.for_host(host).signer
                yield Setting(signer, host.key, key, selector.private_key, "dkim")
