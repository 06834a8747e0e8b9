"""What Postfix must know of the store, and who may reach the store's inner ports."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.endpoint import Family
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.accounts import ExternalAccounts, SieveNotices
from mailconf.model.requests.firewall import ConnectionLimit, LocalService, OpenPort
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.mail import LearnSpam
from mailconf.model.requests.mta import (
    PolicyService,
    SieveSubmission,
    StartAfter,
    StoreTransport,
)
from mailconf.model.requests.promises import AccessCapabilities
from mailconf.model.requests.web import serves
from mailconf.plugins.dovecot.accounts import VMAIL
from mailconf.plugins.dovecot.certificates import certificates
from mailconf.plugins.dovecot.duty import (
    LMTP_PORT,
    QUOTA_PORT,
    SIEVE_PORT,
    Duty,
    addresses,
    inner_ports,
)
from mailconf.plugins.dovecot.limits import capacity_of
from mailconf.plugins.dovecot.options import DovecotOptions

# After SPF (10): a message that would be refused anyway need not fit into the mailbox.
QUOTA_ORDER = 50
SOCKET = "private/dovecot-lmtp"
# A store that does not answer must not stop mail for the others: then it is taken unasked, and waits.
QUOTA_TIMEOUT = "5s"

# Offered before login by every Dovecot since 2.3; what comes after login is not looked at here.
CAPABILITIES: dict[Family, tuple[str, ...]] = {
    "imap": ("IMAP4REV1", "IDLE", "ID", "SASL-IR", "LITERAL+"),
    "pop3": ("UIDL", "TOP", "CAPA", "PIPELINING", "RESP-CODES"),
    "sieve": ("IMPLEMENTATION", "SIEVE", "SASL", "VERSION"),
}


def ways_to_stores(view: View[DovecotOptions], host: Host) -> Iterator[PluginRequest]:
    """Tell Postfix where each domain's mail goes, and whom to ask whether there is room for it."""
    if Duty.of(view, host).runs:
        yield StartAfter(host=host.key, unit="dovecot", order=QUOTA_ORDER)
    if host.is_("mx", "submission"):
        yield from _transports(view, host)
    if host.is_("mx", "submission", "backup-mx"):
        for store in view.spec.hosts_with("mailstore"):
            server = "127.0.0.1" if store is host else store.hostname
            yield PolicyService(
                host=host.key,
                stage="quota",
                address=f"inet:{server}:{QUOTA_PORT}",
                timeout=QUOTA_TIMEOUT,
                order=QUOTA_ORDER,
            )
    yield from _accounts_elsewhere(view, host)
    duty = Duty.of(view, host)
    yield from _inner_ports(duty)
    yield from _offered(duty)
    if duty.is_store:
        yield from _sieve(duty)
    yield from _local_services(duty)
    yield from _crowds(duty)
    for certificate in certificates(duty):
        yield from serves(host.key, "dovecot", certificate)


def _offered(duty: Duty) -> Iterator[PluginRequest]:
    """Say what the checks of IMAP, POP3 and ManageSieve will find."""
    for family, words in CAPABILITIES.items() if duty.is_store else ():
        yield AccessCapabilities(host=duty.host.key, family=family, keywords=words)


def _local_services(duty: Duty) -> Iterator[PluginRequest]:
    """Keep programs on the host from LMTP, which believes them, and from the size of mailboxes."""
    host = duty.host.key
    for port in {QUOTA_PORT, *(port for port, _ in inner_ports(duty))} if duty.is_store else ():
        yield LocalService(host=host, port=port)
        service = "LMTP" if port == LMTP_PORT else "quota-status"
        yield Listener(host=host, port=port, service=f"Dovecot's {service}")
    for learning in duty.requests.of(LearnSpam) if duty.is_store else ():
        port = int(learning.controller.rpartition(":")[2])
        yield LocalService(host=host, port=port, users=(VMAIL,))


def _sieve(duty: Duty) -> Iterator[PluginRequest]:
    """Ask for a service that takes what Sieve scripts send, and that knows whose script it is."""
    host = duty.host.key
    yield SieveSubmission(host=host, address=f"127.0.0.1:{SIEVE_PORT}")
    yield LocalService(host=host, port=SIEVE_PORT, users=(VMAIL,))
    yield SieveNotices(host=host, user=VMAIL, postmaster=duty.postmaster, port=SIEVE_PORT)


def _accounts_elsewhere(view: View[DovecotOptions], host: Host) -> Iterator[PluginRequest]:
    """Tell of which domains the spec does not know all users."""
    for domain in view.spec.hosted:
        store = view.spec.store_of(domain)
        if store and Duty.of(view, store).has_external_accounts:
            yield ExternalAccounts(host=host.key, domain=domain.name)


def _inner_ports(duty: Duty) -> Iterator[PluginRequest]:
    """Ask the firewall to let in our own hosts: edges deliver and ask, a backup MX only asks."""
    for port, hosts in inner_ports(duty):
        sources = tuple(addresses(hosts))
        yield OpenPort(host=duty.host.key, port=port, sources=sources, by_mta=True)


def _crowds(duty: Duty) -> Iterator[PluginRequest]:
    """Ask the firewall to bound the connections of one address to each login port."""
    most = capacity_of(duty).per_source
    for login in duty.logins if duty.is_store else ():
        for inet in login.listeners:
            if inet.port and not inet.is_proxied:
                yield ConnectionLimit(host=duty.host.key, port=inet.port, connections=most)


def _transports(view: View[DovecotOptions], host: Host) -> Iterator[PluginRequest]:
    for domain in view.spec.hosted:
        store = view.spec.store_of(domain)
        if not store:
            continue
        if store is host:
            yield StoreTransport(host=host.key, domain=domain.name, socket=SOCKET)
        else:
            server = store.hostname
            yield StoreTransport(host=host.key, domain=domain.name, server=server, port=LMTP_PORT)
