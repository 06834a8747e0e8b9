"""The operator's own parameters and services: do they fit, and what do they replace?"""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats import postfix_parameters
from mailconf.formats.postfix import PostfixSyntaxError
from mailconf.model.aliases import MOST
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.plugins.postfix.duty import Duty, written_at
from mailconf.plugins.postfix.main import rendered
from mailconf.plugins.postfix.master import additions, built_in
from mailconf.plugins.postfix.options import PostfixOptions
from mailconf.plugins.postfix.partners import partners_exist

REPLACES = Rule(
    code="PFX022",
    name="postfix-parameter-overridden",
    severity=Severity.WARNING,
    message="main_cf: {name} = {own!r} overrides {ours!r}",
    fix="remove it, or waive this finding with a reason",
    ref="postconf(5)",
    bad="plugins: {postfix: {main_cf: {disable_vrfy_command: 'no'}}}",
    good="plugins: {postfix: {main_cf: {delay_warning_time: 4h}}}",
)
SERVICE_TWICE = Rule(
    code="PFX023",
    name="postfix-service-twice",
    severity=Severity.ERROR,
    message="master_cf: mailconf already renders the service {name} {type}",
    fix="use another name, or set the corresponding option",
    ref="master(5)",
    bad="plugins: {postfix: {master_cf: ['smtp inet n - y - - smtpd']}}",
    good="plugins: {postfix: {master_cf: ['10025 inet n - y - - smtpd']}}",
)
NOT_A_SERVICE = Rule(
    code="PFX024",
    name="postfix-service-unreadable",
    severity=Severity.ERROR,
    message="master_cf: {why}",
    fix="write service, type, private, unprivileged, chroot, wakeup, processes, command",
    ref="master(5)",
    bad="plugins: {postfix: {master_cf: ['10025 inet smtpd']}}",
    good="plugins: {postfix: {master_cf: ['10025 inet n - y - - smtpd']}}",
)
LARGE_ALIAS = 10_000
TOO_LARGE = Rule(
    code="PFX027",
    name="alias-too-large",
    severity=Severity.WARNING,
    message="alias {alias} has {count} recipients; the limit is {most}",
    fix="use a list manager, which sends in portions and under its own name",
    ref="postconf(5) virtual_alias_expansion_limit",
)
ENDLESS = Rule(
    code="PFX029",
    name="alias-lists-multiply",
    severity=Severity.ERROR,
    message="alias {alias} has {count} recipients or more, since lists in it contain the same lists; Postfix never delivers that",
    fix="list each group once",
    ref="postconf(5) virtual_alias_expansion_limit",
)
TOO_OLD = Rule(
    code="PFX025",
    name="postfix-too-old",
    severity=Severity.ERROR,
    message="{option} needs Postfix {wanted}, but {target} has {version}",
    fix="choose a newer target, or remove the option",
    ref="RELEASE_NOTES",
    bad="plugins: {postfix: {tlsrpt_socket: run/tlsrpt/tlsrpt.sock}}",
    good=(
        "plugins: {postfix: {tlsrpt_socket: run/tlsrpt/tlsrpt.sock}}\n"
        "hosts: {mail: {target: debian-13}}"
    ),
)
NEEDED_BY = {"tlsrpt_socket": "smtp_tlsrpt_enable"}


def additions_fit(view: View[PostfixOptions], host: Host) -> Iterator[Finding]:
    """Yield what the operator's own parameters and services replace, and what the target lacks."""
    if not host.is_mta:
        return
    duty = Duty.of(view, host)
    where = written_at(view, host)
    ours = rendered(duty).values
    for name, value in duty.options.main_cf.items():
        if name in ours:
            facts = {"name": name, "own": value, "ours": ours[name]}
            yield REPLACES.at(host.key, (*where, "main_cf", name), **facts)
    yield from _services_fit(duty, where)
    yield from partners_exist(duty)
    for option, parameter in NEEDED_BY.items():
        if getattr(duty.options, option) and not duty.knows(parameter):
            wanted = postfix_parameters.first_version(parameter)
            version = host.target.version("postfix")
            yield TOO_OLD.at(
                host.key, (*where, option),
                option=option, wanted=wanted, version=version, target=host.target,
            )  # fmt: skip


def _services_fit(duty: Duty, where: Path) -> Iterator[Finding]:
    ours = {(daemon.name, daemon.type) for daemon in built_in(duty)}
    try:
        for daemon in additions(duty):
            if (daemon.name, daemon.type) in ours:
                facts = {"name": daemon.name, "type": daemon.type}
                yield SERVICE_TWICE.at(duty.host.key, (*where, "master_cf"), **facts)
    except PostfixSyntaxError as why:
        yield NOT_A_SERVICE.at(duty.host.key, (*where, "master_cf"), why=why)


def aliases_fit(view: View[PostfixOptions], domain: Domain) -> Iterator[Finding]:
    """Yield aliases so large that one message occupies Postfix for minutes."""
    sizes = view.spec.aliases.sizes
    for alias in domain.aliases if domain.is_hosted else ():
        address = domain.address(alias)
        if sizes[address] > LARGE_ALIAS:
            where = ("domains", domain.name, "aliases", alias)
            facts = {"alias": address, "count": sizes[address], "most": LARGE_ALIAS}
            if sizes[address] < MOST:
                yield TOO_LARGE.at(domain.name, where, **facts)
            else:
                yield ENDLESS.at(domain.name, where, alias=address, count=MOST)
