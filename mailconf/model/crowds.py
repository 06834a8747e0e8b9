"""Who stands for many: hosts that bring the mail or logins of others, aliases of one mailbox."""

from __future__ import annotations

from mailconf.model.endpoint import Address
from mailconf.model.host import Host
from mailconf.model.spec import Spec


def speaking_for_others(spec: Spec, host: Host) -> tuple[Address, ...]:
    """Return the addresses of hosts that bring `host` the mail or the logins of many clients.

    A backup MX brings what it kept, senders what a relay carries, and where users only send,
    their passwords are asked for at the store.
    """
    found = [*spec.hosts_with("backup-mx")] if host.is_("mx") else []
    found += spec.senders_through(host)
    found += spec.asking_for_logins(host)
    others = dict.fromkeys(other.key for other in found if other is not host)
    return tuple(address for key in others for address in spec.hosts[key].addresses)


def sole_mailbox(spec: Spec, alias: str) -> str:
    """Return the one mailbox here that an alias leads to, or an empty text for every other."""
    found = spec.aliases.sole.get(alias, "")
    local, _, name = found.rpartition("@")
    domain = spec.domains.get(name)
    return found if domain and domain.is_hosted and local in domain.mailboxes else ""
