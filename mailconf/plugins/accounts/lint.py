"""Rules over mailboxes and aliases of one domain."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.machine_mail import is_at_host
from mailconf.model.plugin import View
from mailconf.model.requests.accounts import ExternalAccounts
from mailconf.model.sending import sending_hosts
from mailconf.model.spec import Spec
from mailconf.plugins.accounts.options import AccountsOptions

NOWHERE = Rule(
    code="ADR001",
    name="alias-target-unknown",
    severity=Severity.ERROR,
    message="alias {alias} points to {target}, which is neither a mailbox nor an alias",
    fix="correct the target, or add the mailbox",
    bad="mailboxes: {alice: {}}\naliases: {info: alcie}",
    good="mailboxes: {alice: {}}\naliases: {info: alice}",
)
LOOP = Rule(
    code="ADR002",
    name="alias-loop",
    severity=Severity.ERROR,
    message="alias {alias} points back to itself: {chain}",
    fix="remove one alias from the loop",
)
BOTH = Rule(
    code="ADR003",
    name="alias-hides-mailbox",
    severity=Severity.ERROR,
    message="{local} is both a mailbox and an alias; the mailbox would receive no mail",
    fix="rename the mailbox {local} or the alias; an alias can list the renamed mailbox as a target",
)
AT_HOST = Rule(
    code="ADR013",
    name="alias-to-host-name",
    severity=Severity.ERROR,
    message="alias {alias} points to {target}; a host delivers mail to its own name to the owner of its system mail, and other hosts reject it",
    fix="name a mailbox, another alias, or an address elsewhere",
    why="the owner of the host's mail may be behind the same alias: Postfix would expand both for ever",
    ref="postconf(5) virtual_alias_recursion_limit",
    bad="domains: {example.org: {aliases: {info: root@mail.example.org}}}",
    good="domains: {example.org: {aliases: {info: postmaster}}}",
)
NO_POSTMASTER = Rule(
    code="PFX019",
    name="required-address-missing",
    severity=Severity.WARNING,
    message="{address} is not deliverable: there is no such mailbox or alias",
    fix="add an alias {local}",
    ref="RFC 5321 §4.5.1, RFC 2142 §2",
    bad="domains: {other.example: {mailboxes: {alice: {}}}}",
    good="domains: {other.example: {mailboxes: {alice: {}}, aliases: {postmaster: alice, abuse: alice}}}",
)
NO_LOGIN = Rule(
    code="ADR004",
    name="mailbox-without-password",
    severity=Severity.WARNING,
    message="mailbox {address} has no password; its user cannot log in",
    fix="set password: ref+file://PATH or ref+env://NAME; the value is a hash such as {{SHA512-CRYPT}}… (see mailconf hash)",
)
NOT_HOSTED = Rule(
    code="ADR005",
    name="mailbox-in-domain-without-mail",
    severity=Severity.ERROR,
    message="{domain} has {mail} but declares mailboxes or aliases",
    fix="remove them, or set mail: hosted and no provider",
)


SEND_AS_NOWHERE = Rule(
    code="ADR006",
    name="send-as-foreign-domain",
    severity=Severity.ERROR,
    message="{sender} may send as {target}; {why}, so receivers would reject it",
    fix="correct the address; send_as accepts only addresses in domains of this spec",
    bad="domains: {example.org: {mailboxes: {alice: {send_as: [x@elsewhere.example]}}}}",
    good="domains: {example.org: {mailboxes: {alice: {send_as: [sales@example.org]}}}}",
)


NOBODY_SENDS = Rule(
    code="ADR010",
    name="domain-without-sending-host",
    severity=Severity.WARNING,
    message="no host may send as {domain}, so SPF names none of them",
    fix="give a host send_as: ['@{domain}'], or write mail: none",
    bad=("domains: {shop.example: {mail: send-only}}\nhosts: {mail: {roles: [send-only]}}"),
    good=(
        "domains: {shop.example: {mail: send-only}}\n"
        "hosts: {mail: {roles: [send-only], send_as: ['@shop.example']}}"
    ),
)


CATCHES_USERS = Rule(
    code="ADR012",
    name="catch-all-hides-users",
    severity=Severity.ERROR,
    message="{domain} has both a catch-all and users in a database or directory; the catch-all receives their mail",
    fix="remove catch_all from {domain}, or declare the users of {domain} in the spec",
    why="Postfix has no table of the users in the database, so all their addresses match the catch-all",
    ref="virtual(5), table search order",
)


def addresses_make_sense(view: View[AccountsOptions], domain: Domain) -> Iterator[Finding]:
    """Yield what is wrong with a domain's mailboxes and aliases."""
    where = ("domains", domain.name)
    if _is_sent_by_nobody(view.spec, domain):
        yield NOBODY_SENDS.at(domain.name, where, domain=domain.name)
    if not domain.is_hosted:
        if domain.mailboxes or domain.aliases:
            yield NOT_HOSTED.at(domain.name, where, domain=domain.name, mail=_what(domain))
        return
    if domain.catch_all and _has_external_accounts(view, domain):
        yield CATCHES_USERS.at(domain.name, (*where, "catch_all"), domain=domain.name)
    yield from _aliases_lead_somewhere(view, domain)
    yield from _delegations_exist(view, domain)
    for local in (name for name in ("postmaster", "abuse") if not domain.knows(name)):
        address = domain.address(local)
        yield NO_POSTMASTER.at(address, where, address=address, local=local)
    for local, mailbox in domain.mailboxes.items():
        if not mailbox.password:
            address = domain.address(local)
            yield NO_LOGIN.at(address, (*where, "mailboxes", local), address=address)


def _is_sent_by_nobody(spec: Spec, domain: Domain) -> bool:
    is_sent_elsewhere = domain.provider or domain.smarthost or domain.senders
    return domain.sends and not is_sent_elsewhere and not sending_hosts(spec, domain)


def _what(domain: Domain) -> str:
    """Return what says that a domain's mail is not here."""
    if domain.kind == "provider" and domain.provider:
        return f"provider: {domain.provider.name}"
    return f"mail: {domain.mail}"


def _aliases_lead_somewhere(view: View[AccountsOptions], domain: Domain) -> Iterator[Finding]:
    where = ("domains", domain.name)
    for alias, targets in domain.aliases.items():
        yield from _targets_exist(view, domain, alias, targets)
    for target in map(domain.address, domain.catch_all or ()):
        facts = {"alias": f"@{domain.name}", "target": target}
        if is_at_host(view.spec, target):
            yield AT_HOST.at(facts["alias"], (*where, "catch_all"), **facts)
        elif not is_known(view, target):
            yield NOWHERE.at(facts["alias"], (*where, "catch_all"), **facts)
    for local in domain.mailboxes.keys() & domain.aliases.keys():
        yield BOTH.at(domain.address(local), (*where, "aliases", local), local=local)


def _delegations_exist(view: View[AccountsOptions], domain: Domain) -> Iterator[Finding]:
    for local, mailbox in domain.mailboxes.items():
        for number, target in enumerate(map(domain.address, mailbox.send_as)):
            if why := _why_not_sent(view.spec, target):
                where = ("domains", domain.name, "mailboxes", local, "send_as", number)
                name = domain.address(local)
                yield SEND_AS_NOWHERE.at(
                    name, where, sender=f"mailbox {name}", target=target, why=why
                )


def programs_send_as_ours(view: View[AccountsOptions], host: Host) -> Iterator[Finding]:
    """Yield the addresses of others that programs on a host may send as."""
    for number, target in enumerate(host.send_as):
        why = _why_not_sent(view.spec, target)
        if why and not view.spec.host_named(target.rpartition("@")[2]):
            where = ("hosts", host.key, "send_as", number)
            sender = f"a program on {host.key}"
            yield SEND_AS_NOWHERE.at(host.key, where, sender=sender, target=target, why=why)


def _why_not_sent(spec: Spec, address: str) -> str:
    """Return why no mail of an address's domain leaves here with SPF and DKIM; empty when it does."""
    domain = spec.domains.get(address.rpartition("@")[2])
    if not domain:
        return "the spec has no such domain"
    if domain.provider:
        return f"mail of {domain.name} leaves through {domain.provider.name}"
    return f"no mail leaves from {domain.name} (mail: none)" if domain.kind == "none" else ""


def _targets_exist(
    view: View[AccountsOptions], domain: Domain, alias: str, targets: tuple[str, ...]
) -> Iterator[Finding]:
    where = ("domains", domain.name, "aliases", alias)
    name = domain.address(alias)
    for target in map(domain.address, targets):
        if is_at_host(view.spec, target):
            yield AT_HOST.at(name, where, alias=name, target=target)
        elif not is_known(view, target) and not _is_caught(view.spec, target):
            yield NOWHERE.at(name, where, alias=name, target=target)
    circle = view.spec.aliases.circle(name)
    if circle:
        yield LOOP.at(name, where, alias=name, chain=" → ".join(circle))


def is_known(view: View[AccountsOptions], address: str) -> bool:
    """Tell whether an address is known here, or lies where the spec does not know all users.

    That is a domain that is not ours, one whose mail a provider keeps, and one whose users are in
    a database or directory of the store.
    """
    local, _, domain_name = address.rpartition("@")
    ours = view.spec.domains.get(domain_name)
    if not ours or ours.provider or _has_external_accounts(view, ours):
        return True
    return ours.knows(ours.found(local))


def _is_caught(spec: Spec, address: str) -> bool:
    """Tell whether a catch-all delivers what its domain does not list: to mailboxes, so never in a loop."""
    ours = spec.domains.get(address.rpartition("@")[2])
    caught = map(ours.address, ours.catch_all or ()) if ours else ()
    found = [(spec.domains.get(one.rpartition("@")[2]), one.rpartition("@")[0]) for one in caught]
    return bool(found) and all(domain and local in domain.mailboxes for domain, local in found)


def _has_external_accounts(view: View[AccountsOptions], domain: Domain) -> bool:
    return bool(view.requests.about(ExternalAccounts, domain.name))
