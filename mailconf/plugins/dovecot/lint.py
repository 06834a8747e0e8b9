"""What a target's Dovecot cannot do, what it must not run, and secrets that are no hashes."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.firewall import PortGuarded
from mailconf.plugins.dovecot.duty import Duty, addresses, imaps_of, inner_ports
from mailconf.plugins.dovecot.limits import capacity_of
from mailconf.plugins.dovecot.options import DovecotOptions

TOO_OLD = Rule(
    code="DVC011",
    name="dovecot-too-old",
    severity=Severity.ERROR,
    message="{option} needs Dovecot {wanted}, but {target} has {version}",
    fix="choose a newer target such as debian-13, or remove the option",
    ref="Dovecot 2.4 NEWS: fts-flatcurve",
    bad="plugins: {dovecot: {full_text_search: true}}",
    good=("plugins: {dovecot: {full_text_search: true}}\nhosts: {mail: {target: debian-13}}"),
)
NO_IMAPS = Rule(
    code="DVC013",
    name="mailstore-without-imaps",
    severity=Severity.ERROR,
    message="host {key} authenticates users at {store} over imaps, which {store} does not offer to it",
    fix="enable imaps on the mail store, without a load balancer in front",
    bad=(
        "protocols: {imaps: off, imap: {port: 143}}\n"
        "hosts: {mail: {roles: [mx, mailstore, web]}, "
        "out: {hostname: out.example.org, addresses: [192.0.2.99], roles: [submission]}}"
    ),
    good=(
        "hosts: {mail: {roles: [mx, mailstore, web]}, "
        "out: {hostname: out.example.org, addresses: [192.0.2.99], roles: [submission]}}"
    ),
)
VULNERABLE = Rule(
    code="DVC012",
    name="dovecot-vulnerable",
    severity=Severity.WARNING,
    message="Dovecot {version} is affected by {names}, fixed in {repaired}",
    fix="update to {repaired} or later, or set target: to a distribution release that has the fix",
    ref="Dovecot security advisories",
    bad='hosts: {mail: {target: {postfix: "3.10.13", dovecot: "2.4.1"}}}',
    good='hosts: {mail: {target: {postfix: "3.10.13", dovecot: "2.4.5"}}}',
)
# Advisories that matter for what we render: from, up to (excluded), names. No authentication cache
# (CVE-2025-30189) and no SCRAM (CVE-2026-33603) is configured.
ADVISORIES = (("2.4.0", "2.4.4", "CVE-2026-42006 (memory of imap-login)"),)
PATCH_LEVEL = 3
UNGUARDED = Rule(
    code="PRT014",
    name="internal-port-not-restricted",
    severity=Severity.WARNING,
    message="any host can connect to port {ports} of {key}, which is for {sources} only; LMTP accepts mail unchecked",
    fix="enable the firewall plugin, or restrict access by other means and waive this finding",
    ref="RFC 2033 §5",
    bad=(
        "plugins: {firewall: off}\n"
        "hosts: {mail: {roles: [mx, submission, web]}, "
        "store: {hostname: store.example.org, addresses: [192.0.2.99], roles: [mailstore]}}"
    ),
    good=(
        "hosts: {mail: {roles: [mx, submission, web]}, "
        "store: {hostname: store.example.org, addresses: [192.0.2.99], roles: [mailstore]}}"
    ),
)
UNDECLARED = Rule(
    code="DVC014",
    name="load-not-declared",
    severity=Severity.NOTICE,
    message="accounts of {key} are in a database or directory; the limits allow for {people} people",
    fix="set load: {{users: NUMBER}}",
    ref="docs/spec.md, Load",
    bad=(
        "plugins: {dovecot: {ldap: {uris: ['ldaps://ldap.example.org'], "
        "base: 'dc=example,dc=org'}}}"
    ),
    good=(
        "load: {users: 1200}\nplugins: {dovecot: {ldap: {uris: ['ldaps://ldap.example.org'], "
        "base: 'dc=example,dc=org'}}}"
    ),
)
MANY_SESSIONS = 20_000
SESSION_MB = 2
TOO_MANY = Rule(
    code="DVC015",
    name="store-sessions-too-many",
    severity=Severity.WARNING,
    message="{key} must hold {sessions} IMAP sessions, about {memory} GB of memory; the limit is {most}",
    fix="add a mail store and set `store` of some domains, or correct `load`",
    ref="docs/spec.md, Load",
    bad="load: {users: 10000, devices: 3}",
    good="load: {users: 2000, devices: 3}",
)


NOBODY_IN = Rule(
    code="DVC016",
    name="submission-without-logins",
    severity=Severity.WARNING,
    message="host {key} has the roles mailstore and submission but stores no mailboxes; users cannot log in there",
    fix="take the role mailstore away, so that it asks the stores, or set `store: {key}` for a domain",
    bad=(
        "hosts: {mail: {roles: [mx, submission, mailstore, web]}, second: {hostname: "
        "second.example.org, addresses: [192.0.2.99], roles: [submission, mailstore]}}"
    ),
    good=(
        "hosts: {mail: {roles: [mx, submission, mailstore, web]}, second: {hostname: "
        "second.example.org, addresses: [192.0.2.99], roles: [submission]}}"
    ),
)


def target_fits(view: View[DovecotOptions], host: Host) -> Iterator[Finding]:
    """Yield what the host's Dovecot is too old for."""
    duty = Duty.of(view, host)
    yield from _stores_can_be_asked(duty)
    if duty.is_store and duty.host.is_("submission") and not duty.domains and view.spec.hosted:
        yield NOBODY_IN.at(host.key, ("hosts", host.key, "roles"), key=host.key)
    yield from _inner_ports_are_guarded(view, duty)
    if not duty.runs:
        return
    yield from _load_fits(duty)
    version = host.target.version("dovecot")
    if duty.options.full_text_search and not duty.is_2_4:
        place = ("hosts", host.key, "dovecot", "full_text_search")
        yield TOO_OLD.at(
            host.key, place, option="full_text_search", wanted="2.4",
            target=host.target, version=version,
        )  # fmt: skip
    # A distribution repairs without a new number, and 2.4 alone does not say which 2.4.
    if host.target.is_exact and len(version.numbers) >= PATCH_LEVEL:
        for since, repaired, names in ADVISORIES:
            if host.target.has("dovecot", since) and not host.target.has("dovecot", repaired):
                yield VULNERABLE.at(
                    host.key, ("hosts", host.key, "target"),
                    version=version, names=names, repaired=repaired,
                )  # fmt: skip


def _load_fits(duty: Duty) -> Iterator[Finding]:
    """The limits follow the people, whom the spec may not know, and one machine holds so many."""
    key, capacity = duty.host.key, capacity_of(duty)
    if not duty.is_store:
        return
    if duty.has_external_accounts and not duty.spec.load.users:
        yield UNDECLARED.at(key, ("hosts", key), key=key, people=capacity.people)
    sessions = capacity.sessions
    if sessions > MANY_SESSIONS:
        facts = {"sessions": sessions, "memory": sessions * SESSION_MB // 1000}
        yield TOO_MANY.at(key, ("load",), key=key, most=MANY_SESSIONS, **facts)


def _stores_can_be_asked(duty: Duty) -> Iterator[Finding]:
    """Where users only send, every store must answer for their passwords."""
    if duty.is_store or not duty.host.is_("submission"):
        return
    for store in duty.spec.hosts_with("mailstore"):
        if not imaps_of(duty.spec, store):
            facts = {"key": duty.host.key, "store": store.hostname}
            yield NO_IMAPS.at(duty.host.key, ("hosts", store.key), **facts)


def _inner_ports_are_guarded(view: View[DovecotOptions], duty: Duty) -> Iterator[Finding]:
    """The firewall says which of the ports it guards that are for our own hosts alone."""
    key = duty.host.key
    guarded = {answer.port for answer in view.requests_on(duty.host).of(PortGuarded)}
    inner = {port: hosts for port, hosts in inner_ports(duty) if port not in guarded}
    if inner:
        sources = sorted({address for hosts in inner.values() for address in addresses(hosts)})
        facts = {"key": key, "ports": " and ".join(map(str, inner)), "sources": ", ".join(sources)}
        yield UNGUARDED.at(key, ("plugins", "firewall"), **facts)
