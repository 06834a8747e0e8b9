"""The keys that the signing daemon is to use, and which daemon that is on each host."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute, relative, upwards
from mailconf.model.domain import Domain
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.mail import RunSigner, SignHostMail, UseSigningKey
from mailconf.model.sending import signing_hosts
from mailconf.plugins.dkim.options import DkimOptions


def signer_of(view: View[DkimOptions], host: Host) -> Iterator[PluginRequest]:
    """Tell the chosen daemon where to run: where mail arrives, and where it leaves."""
    if view.spec.doer_of("signer", host):
        return
    if host.is_("mx", "backup-mx") or view.spec.is_egress(host):
        yield RunSigner(host=host.key, to=view.for_host(host).signer)
    if view.spec.is_egress(host):
        for sender in (host, *view.spec.senders_through(host)):
            yield from _host_name(view, host, sender)


def _host_name(view: View[DkimOptions], signer: Host, sender: Host) -> Iterator[PluginRequest]:
    """Bounces come from a host's own name; the domain above it signs them (RFC 9989 §4.4.1)."""
    above = map(view.spec.domains.get, map(relative, upwards(absolute(sender.hostname))))
    signing = (d.name for d in above if d and d.sends and _signs(view.for_domain(d)))
    best = next(signing, "")
    if best:
        daemon = view.for_host(signer).signer
        yield SignHostMail(host=signer.key, to=daemon, hostname=sender.hostname, domain=best)


def _signs(options: DkimOptions) -> bool:
    return any(s.state == "active" and s.private_key for s in options.selectors.values())


def signing_keys(view: View[DkimOptions], domain: Domain) -> Iterator[PluginRequest]:
    """Ask the signers where mail leaves to use the active keys.

    No other host needs the private halves.
    """
    hosts = [h for h in signing_hosts(view.spec, domain) if not view.spec.doer_of("signer", h)]
    for name, selector in view.options.selectors.items() if domain.sends else ():
        if selector.state == "active" and selector.private_key:
            for host in hosts:
                yield UseSigningKey(
                    host=host.key,
                    to=view.for_host(host).signer,
                    domain=domain.name,
                    selector=name,
                    key_type=selector.type,
                    reference=selector.private_key,
                )
