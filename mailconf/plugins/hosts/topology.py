"""Roles that together make a site: somebody accepts, somebody stores, somebody sends."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host, Role
from mailconf.model.plugin import View
from mailconf.plugins.hosts.options import HostsOptions

NO_STORE = Rule(
    code="HST021",
    name="mailstore-missing",
    severity=Severity.ERROR,
    message="{domain} receives mail, but no host has the role mailstore",
    fix="give one host the role mailstore",
    bad="hosts: {mail: {roles: [mx, submission, web]}}",
    good="hosts: {mail: {roles: [mx, submission, mailstore, web]}}",
)
STORE_UNDEFINED = Rule(
    code="HST022",
    name="store-undefined",
    severity=Severity.ERROR,
    message="the mail store of {domain} is {key!r}; expected a host with the role mailstore: {known}",
    fix="correct the name, or give that host the role",
    bad="domains: {example.org: {store: elsewhere}}",
    good="domains: {example.org: {store: mail}}",
)
NOT_AN_MX = Rule(
    code="HST023",
    name="mx-host-without-role",
    severity=Severity.ERROR,
    message="{domain} uses {key} as an MX, but its roles are {roles}; it would reject the mail",
    fix="give it the role mx or backup-mx, or name another host",
    ref="RFC 5321 §5.1",
    bad=(
        "hosts: {mail: {roles: [mx, submission, mailstore, web]}, "
        "out: {hostname: out.example.org, addresses: [192.0.2.99], roles: [relay]}}\n"
        "domains: {example.org: {mx: {out: 10}}}"
    ),
    good="domains: {example.org: {mx: {mail: 10}}}",
)
NO_MX = Rule(
    code="HST024",
    name="mx-missing",
    severity=Severity.ERROR,
    message="{domain} receives mail, but has no MX host",
    fix="give one host the role mx, or set mail: none",
    ref="RFC 5321 §5.1",
    bad="hosts: {mail: {roles: [submission, mailstore, web]}}",
    good="hosts: {mail: {roles: [mx, submission, mailstore, web]}}",
)
CONTRADICTION = Rule(
    code="HST025",
    name="roles-conflict",
    severity=Severity.ERROR,
    message="host {key} cannot have both the role {one} and the role {other}: {why}",
    fix="leave one of them out, or use two hosts",
    bad="hosts: {mail: {roles: [mx, submission, mailstore, web, backup-mx]}}",
    good="hosts: {mail: {roles: [mx, submission, mailstore, web]}}",
)
NO_SUBMISSION = Rule(
    code="HST026",
    name="submission-missing",
    severity=Severity.WARNING,
    message="no host has the role submission; users of {domain} cannot send mail",
    fix="give one host the role submission",
    ref="RFC 6409 §3.1",
    bad="hosts: {mail: {roles: [mx, mailstore, web]}}",
    good="hosts: {mail: {roles: [mx, submission, mailstore, web]}}",
)
SCATTERED = Rule(
    code="HST027",
    name="client-host-on-several-machines",
    severity=Severity.ERROR,
    message="client_host {name} would have to point to several hosts: {hosts}",
    fix="remove client_host; clients then use the host names",
    bad=(
        "hosts: {mail: {roles: [mx, mailstore, web]}, "
        "out: {hostname: out.example.org, addresses: [192.0.2.99], roles: [submission]}}\n"
        "domains: {example.org: {client_host: imap.example.org}}"
    ),
    good="domains: {example.org: {client_host: imap.example.org}}",
)
NO_WEB = Rule(
    code="HST028",
    name="web-missing",
    severity=Severity.NOTICE,
    message="no host has the role web; {domain} has no MTA-STS policy and no client configuration",
    fix="give one host the role web",
    ref="RFC 8461 §3.3",
    bad="hosts: {mail: {roles: [mx, submission, mailstore]}}",
    good="hosts: {mail: {roles: [mx, submission, mailstore, web]}}",
)
LOCKED_OUT = Rule(
    code="HST029",
    name="relay-behind-proxy",
    severity=Severity.ERROR,
    message="port {port} of {key} accepts only the load balancer, but {senders} would relay outgoing mail through it",
    fix="give the role relay to another host, or remove proxies from smtp on {key}",
    ref="postconf(5) smtpd_upstream_proxy_protocol",
    bad=(
        "hosts: {mail: {roles: [mx, relay, web], protocols: {smtp: {port: 25, proxies: [192.0.2.1]}}}, "
        "users: {hostname: users.example.org, addresses: [192.0.2.99], roles: [submission, mailstore]}}"
    ),
    good=(
        "hosts: {mail: {roles: [mx, relay, web]}, "
        "users: {hostname: users.example.org, addresses: [192.0.2.99], roles: [submission, mailstore]}}"
    ),
)
OPEN_TO_ALL: tuple[tuple[Role, Role, str], ...] = (
    ("mx", "backup-mx", "a backup MX delivers to the primary MX, and this host is the primary MX"),
    ("backup-mx", "submission", "users' mail to hosted domains would be queued for the MX"),
    ("backup-mx", "mailstore", "a mail store accepts the mail, so there is nothing to queue"),
    *(
        ("send-only", other, "a send-only host accepts no connections")
        for other in ("mx", "submission", "mailstore", "relay", "backup-mx")
    ),
)


def roles_fit(_view: View[HostsOptions], host: Host) -> Iterator[Finding]:
    """Yield pairs of roles that one machine cannot have."""
    for one, other, why in OPEN_TO_ALL:
        if host.is_(one) and host.is_(other):
            where = ("hosts", host.key, "roles")
            yield CONTRADICTION.at(host.key, where, key=host.key, one=one, other=other, why=why)


def senders_reach_the_relay(view: View[HostsOptions], host: Host) -> Iterator[Finding]:
    """Yield a relay whose own hosts would have to speak the PROXY protocol."""
    senders = view.spec.senders_through(host)
    proxied = [p for p in view.spec.endpoints_of(host) if p.proxies and p.protocol.name == "smtp"]
    if senders and proxied:
        names = ", ".join(sender.key for sender in senders)
        facts = {"key": host.key, "port": proxied[0].port, "senders": names}
        yield LOCKED_OUT.at(host.key, proxied[0].where, **facts)


def domain_is_served(view: View[HostsOptions], domain: Domain) -> Iterator[Finding]:
    """Yield what keeps a domain's mail from being accepted, stored, sent or found."""
    if not domain.is_hosted:
        return
    spec, name, where = view.spec, domain.name, ("domains", domain.name)
    stores = spec.hosts_with("mailstore")
    if not stores:
        yield NO_STORE.at(name, where, domain=name)
    elif not spec.store_of(domain):
        known = ", ".join(host.key for host in stores)
        facts = {"domain": name, "key": domain.store, "known": known}
        yield STORE_UNDEFINED.at(name, (*where, "store"), **facts)
    yield from _mx_accepts(view, domain)
    if not spec.hosts_with("submission"):
        yield NO_SUBMISSION.at(name, where, domain=name)
    if not spec.web:
        yield NO_WEB.at(name, where, domain=name)
    if domain.client_host:
        store = spec.store_of(domain)
        keys = {host.key for host in (*spec.hosts_with("submission"), *((store,) if store else ()))}
        if len(keys) > 1:
            facts = {"name": domain.client_host, "hosts": " and ".join(sorted(keys))}
            yield SCATTERED.at(name, (*where, "client_host"), **facts)


def _mx_accepts(view: View[HostsOptions], domain: Domain) -> Iterator[Finding]:
    name, where = domain.name, ("domains", domain.name)
    hosts = view.spec.mx_of(domain)
    if not hosts and not domain.mx:
        yield NO_MX.at(name, where, domain=name)
    for _, host in hosts:
        if not host.is_("mx", "backup-mx"):
            roles = ", ".join(host.roles)
            yield NOT_AN_MX.at(
                name, (*where, "mx", host.key), domain=name, key=host.key, roles=roles
            )
