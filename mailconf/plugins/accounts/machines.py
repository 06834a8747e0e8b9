"""Rules over the mail of machines: somebody in particular gets it."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute, is_under
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.machine_mail import is_at_host, owner_of
from mailconf.model.plugin import View
from mailconf.plugins.accounts.lint import is_known
from mailconf.plugins.accounts.options import AccountsOptions

NOWHERE = Rule(
    code="ADR007",
    name="system-mail-to-nowhere",
    severity=Severity.ERROR,
    message="system_mail is {address}, {what}; expected a mailbox, an alias or an address elsewhere",
    fix="correct the address, or add the mailbox",
    ref="RFC 5321 §4.5.1",
    bad="system_mail: nobody@example.org",
    good="system_mail: admin@example.net",
)
AMBIGUOUS = Rule(
    code="ADR008",
    name="system-mail-owner-ambiguous",
    severity=Severity.ERROR,
    message="host {key} is in none of the {count} hosted domains; mail of its local users has no owner",
    fix="set system_mail to the address that gets it, for the site or the host",
    ref="RFC 5321 §4.5.1",
    bad="hosts: {mail: {hostname: mail.provider.example}}\ndomains: {customer.example: {}}",
    good=(
        "system_mail: admin@example.net\nhosts: {mail: {hostname: mail.provider.example}}\n"
        "domains: {customer.example: {}}"
    ),
)
MISSING = Rule(
    code="ADR009",
    name="system-mail-owner-missing",
    severity=Severity.WARNING,
    message="no domain is hosted here; mail of the local users of host {key} has no owner",
    fix="set system_mail to the address that gets it, for the site or the host",
    ref="RFC 5321 §4.5.1",
    bad="domains: {example.org: {mail: send-only}}",
    good="system_mail: admin@example.net\ndomains: {example.org: {mail: send-only}}",
)


def owner_can_be_reached(view: View[AccountsOptions]) -> Iterator[Finding]:
    """Yield what is wrong with the addresses that get the mail of machines."""
    named = [(("hosts", h.key, "system_mail"), h.system_mail) for h in view.spec.hosts.values()]
    for where, address in ((("system_mail",), view.spec.system_mail), *named):
        what = _fault(view, address) if address else ""
        if what:
            yield NOWHERE.at(str(address), where, address=address, what=what)


def _fault(view: View[AccountsOptions], address: str) -> str:
    name = address.rpartition("@")[2]
    domain = view.spec.domains.get(name)
    if domain and not domain.is_hosted and not domain.provider:
        return f"in a domain with mail: {domain.mail}"
    if is_at_host(view.spec, address):
        return "at the name of a host, whose mail it is to get"
    if domain and domain.catch_all:
        return ""
    return "" if is_known(view, address) else "neither a mailbox nor an alias"


def mail_has_an_owner(view: View[AccountsOptions], host: Host) -> Iterator[Finding]:
    """Yield a host whose own mail goes to no known address.

    Where its domain, or the only one, lacks a postmaster, PFX019 reports that.
    """
    spec = view.spec
    if not host.is_mta or owner_of(spec, host):
        return
    count, name = len(spec.hosted), absolute(host.hostname)
    where = ("hosts", host.key, "hostname")
    if not count and any(domain.sends for domain in spec.domains.values()):
        yield MISSING.at(host.key, where, key=host.key)
    elif count > 1 and not any(is_under(name, absolute(d.name)) for d in spec.hosted):
        yield AMBIGUOUS.at(host.key, where, key=host.key, count=count)
