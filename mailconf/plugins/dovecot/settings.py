"""What Postfix must know of the store, and who may reach the store's inner ports."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.endpoint import Family
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting, serves
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
QUOTA_RANK = 50
LOCAL = "lmtp:unix:private/dovecot-lmtp"
# A store that does not answer must not stop mail for the others: then it is taken unasked, and waits.
UNLESS_DOWN = "default_action=DUNNO, try_limit=1, timeout=5s"
# LMTP across a network: TLS from the first octet, and only with the store that was asked for.
TRANSPORT = (
    "store unix - - y - - lmtp"
    " -o lmtp_tls_wrappermode=yes -o lmtp_tls_security_level=secure"
    " -o lmtp_tls_secure_cert_match=nexthop"
    " -o lmtp_tls_CAfile=/etc/ssl/certs/ca-certificates.crt"
)

# Offered before login by every Dovecot since 2.3; what comes after login is not looked at here.
CAPABILITIES: dict[Family, str] = {
    "imap": "IMAP4REV1 IDLE ID SASL-IR LITERAL+",
    "pop3": "UIDL TOP CAPA PIPELINING RESP-CODES",
    "sieve": "IMPLEMENTATION SIEVE SASL VERSION",
}


def ways_to_stores(view: View[DovecotOptions], host: Host) -> Iterator[Setting]:
    """Tell Postfix where each domain's mail goes, and whom to ask whether there is room for it."""
    if Duty.of(view, host).runs:
        yield Setting("postfix", host.key, "after", "dovecot", "dovecot", QUOTA_RANK)
    if host.is_("mx", "submission"):
        yield from _transports(view, host)
    if host.is_("mx", "submission", "backup-mx"):
        for store in view.spec.hosts_with("mailstore"):
            server = "127.0.0.1" if store is host else store.hostname
            service = f"{{ inet:{server}:{QUOTA_PORT}, {UNLESS_DOWN} }}"
            yield Setting("postfix", host.key, "quota_policy", service, "dovecot", QUOTA_RANK)
    yield from _accounts_elsewhere(view, host)
    duty = Duty.of(view, host)
    yield from _inner_ports(duty)
    yield from _offered(duty)
    if duty.is_store:
        yield from _sieve(duty)
    yield from _crowds(duty)
    for certificate in certificates(duty):
        yield from serves(host.key, "dovecot", certificate, "dovecot")


def _offered(duty: Duty) -> Iterator[Setting]:
    """Say what the checks of IMAP, POP3 and ManageSieve will find."""
    for family, words in CAPABILITIES.items() if duty.is_store else ():
        key = f"capabilities {family}"
        yield Setting("access", duty.host.key, key, words, "dovecot", 0)


def _sieve(duty: Duty) -> Iterator[Setting]:
    """Ask for a service that takes what Sieve scripts send, and that knows whose script it is."""
    host = duty.host.key
    yield Setting("postfix", host, "sieve_submission", f"127.0.0.1:{SIEVE_PORT}", "dovecot")
    yield Setting("originators", host, f"sieve {VMAIL}", duty.postmaster, "dovecot")


def _accounts_elsewhere(view: View[DovecotOptions], host: Host) -> Iterator[Setting]:
    """Tell of which domains the spec does not know all users."""
    for domain in view.spec.hosted:
        store = view.spec.store_of(domain)
        if store and Duty.of(view, store).has_external_accounts:
            for asked in ("postfix", "accounts", "originators"):
                yield Setting(asked, host.key, f"external {domain.name}", "yes", "dovecot")


def _inner_ports(duty: Duty) -> Iterator[Setting]:
    """Ask the firewall to let in our own hosts: edges deliver and ask, a backup MX only asks."""
    for port, hosts in inner_ports(duty):
        sources = " ".join(addresses(hosts))
        yield Setting("firewall", duty.host.key, str(port), sources, "dovecot")


def _crowds(duty: Duty) -> Iterator[Setting]:
    """Ask the firewall to bound the connections of one address to each login port."""
    most = str(capacity_of(duty).per_source)
    for login in duty.logins if duty.is_store else ():
        for inet in login.listeners:
            if inet.port and not inet.is_proxied:
                key = f"sources {inet.port}"
                yield Setting("firewall", duty.host.key, key, most, "dovecot")


def _transports(view: View[DovecotOptions], host: Host) -> Iterator[Setting]:
    for domain in view.spec.hosted:
        store = view.spec.store_of(domain)
        if not store:
            continue
        remote = f"store:inet:[{store.hostname}]:{LMTP_PORT}"
        way = LOCAL if store is host else remote
        yield Setting("postfix", host.key, f"transport {domain.name}", way, "dovecot")
        if store is not host:
            yield Setting("postfix", host.key, "master_cf", TRANSPORT, "dovecot", QUOTA_RANK)
