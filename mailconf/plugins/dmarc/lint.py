"""Report addresses that receivers can use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailconf.formats.dmarc import POLICIES
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.machine_mail import is_at_host
from mailconf.model.plugin import View
from mailconf.model.spec import Spec
from mailconf.plugins.dmarc.options import DmarcOptions

# RFC 9989 §4.8: commas and exclamation marks are percent-encoded; mailto is the only scheme
# that RFC 9990 §3 requires receivers to support.
REPORT_URI = re.compile(r"mailto:[^\s,;!@]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
NOT_A_URI = Rule(
    code="DMC012",
    name="dmarc-report-uri-invalid",
    severity=Severity.ERROR,
    message="{found!r} is not a valid report address; expected mailto:USER@DOMAIN",
    fix="write mailto: before the address; encode , as %2C and ! as %21",
    ref="RFC 9989 §4.8",
    bad="domains: {example.org: {dmarc: {reports: [dmarc@example.org]}}}",
    good="domains: {example.org: {dmarc: {reports: ['mailto:dmarc@example.org']}}}",
)
WEAKER_BELOW = Rule(
    code="DMC007",
    name="dmarc-subdomain-policy-weaker",
    severity=Severity.WARNING,
    message="{tag} is {below}, weaker than policy {policy}; subdomains of {domain} can be spoofed",
    fix="remove {tag}, or make it as strict as policy",
    ref="RFC 9989 §4.7",
    bad="domains: {example.org: {dmarc: {policy: reject, subdomain_policy: none}}}",
    good="domains: {example.org: {dmarc: {policy: reject, nonexistent_policy: reject}}}",
)


NP_ABSENT = Rule(
    code="DMC008",
    name="dmarc-nonexistent-subdomains",
    severity=Severity.NOTICE,
    message="policy {below} also applies to nonexistent subdomains of {domain}, which can be spoofed",
    fix="add nonexistent_policy: reject",
    ref="RFC 9989 §4.7",
    bad="domains: {example.org: {dmarc: {policy: reject, subdomain_policy: quarantine}}}",
    good=(
        "domains: {example.org: {dmarc: {policy: quarantine, subdomain_policy: quarantine, "
        "nonexistent_policy: reject}}}"
    ),
)
BLIND = Rule(
    code="DMC016",
    name="dmarc-none-without-reports",
    severity=Severity.WARNING,
    message="{domain} has policy none and no report address; its DMARC record has no effect",
    fix="add reports: ['mailto:dmarc@{domain}']",
    ref="RFC 9989 §5.1",
    bad="domains: {example.org: {dmarc: {policy: none}}}",
    good="domains: {example.org: {dmarc: {policy: none, reports: ['mailto:dmarc@example.org']}}}",
)
STRICT = Rule(
    code="DMC019",
    name="dmarc-strict-with-senders",
    severity=Severity.WARNING,
    message="{domain} uses strict alignment, but {sender} also sends for it; mail that uses a subdomain fails DMARC",
    fix="set alignment: relaxed, or have the sender use {domain} itself for DKIM and as the envelope sender domain",
    ref="RFC 9989 §4.4",
    bad=(
        "domains: {example.org: {dmarc: {alignment: strict}, "
        "senders: [{include: _spf.sender.example}]}}"
    ),
    good=(
        "domains: {example.org: "
        "{senders: [{include: _spf.sender.example, dkim: {s1: s1.sender.example}}]}}"
    ),
)

FORWARDED = Rule(
    code="DMC024",
    name="dmarc-forgery-passes-once-forwarded",
    severity=Severity.NOTICE,
    message=(
        "mail forged from {domain} passes DMARC once {alias} forwards it to {target}; "
        "the policy of {domain} is {policy}, so it is accepted"
    ),
    fix="set policy: reject for {domain}, or let {alias} end at a mailbox of this site",
    ref="RFC 9989 §4.4; RFC 7208 §11.4",
    bad=(
        "domains: {example.org: {dmarc: {policy: quarantine}, "
        "aliases: {old: someone@elsewhere.example}}}"
    ),
    good="domains: {example.org: {aliases: {old: someone@elsewhere.example}}}",
)


def policies_make_sense(view: View[DmarcOptions], domain: Domain) -> Iterator[Finding]:
    """Yield report addresses that nobody can use, and policies below that let forgers in."""
    yield from _reports_are_uris(view, domain)
    options, where = view.for_domain(domain), ("domains", domain.name, "dmarc")
    if domain.mail != "none":
        yield from _advice(view, domain)
    for tag in ("subdomain_policy", "nonexistent_policy"):
        below = getattr(options, tag)
        if (
            below
            and domain.mail != "none"
            and POLICIES.index(below) < POLICIES.index(options.policy)
        ):
            facts = {"tag": tag, "below": below, "policy": options.policy, "domain": domain.name}
            yield WEAKER_BELOW.at(domain.name, (*where, tag), **facts)


def _advice(view: View[DmarcOptions], domain: Domain) -> Iterator[Finding]:
    """Yield what weakens a policy that its owner may take for strong."""
    options, where = view.for_domain(domain), ("domains", domain.name, "dmarc")
    below = options.subdomain_policy
    weaker = below and POLICIES.index(below) < POLICIES.index(options.policy)
    if weaker and not options.nonexistent_policy:
        yield NP_ABSENT.at(domain.name, where, domain=domain.name, below=below)
    if options.policy != "reject" and (forwarding := _forwarding(view.spec)):
        alias, target = forwarding
        facts = {"domain": domain.name, "policy": options.policy, "alias": alias, "target": target}
        yield FORWARDED.at(domain.name, (*where, "policy"), **facts)
    if options.policy == "none" and not options.reports:
        yield BLIND.at(domain.name, where, domain=domain.name)
    if options.alignment == "strict" and domain.senders:
        first = domain.senders[0]
        sender = first.include or ", ".join(map(str, first.addresses)) or "somebody"
        yield STRICT.at(domain.name, where, domain=domain.name, sender=sender)


def _forwarding(spec: Spec) -> tuple[str, str] | None:
    """Return the first alias of the site that leads out of it, and where to: a host here sends that on.

    The sender stays as it is, or is rewritten to a domain of the site. What Sieve scripts redirect is
    checked by a milter instead.
    """
    if "forwarding" not in spec.derived:
        outward = (row for row in _rows(spec) if _leaves(spec, row[1]))
        spec.derived["forwarding"] = next(outward, None)
    found: tuple[str, str] | None = spec.derived["forwarding"]
    return found


def _leaves(spec: Spec, address: str) -> bool:
    """Tell whether mail to an address leaves the site; hosts deliver what is sent to their names (ADR013)."""
    return address.rpartition("@")[2] not in spec.hosted_names and not is_at_host(spec, address)


def _rows(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield each alias and catch-all with each of its targets."""
    for alias, targets in spec.aliases.targets.items():
        yield from ((alias, target) for target in targets)
    for domain in spec.hosted:
        yield from ((f"@{domain.name}", one) for one in map(domain.address, domain.catch_all or ()))


def _reports_are_uris(view: View[DmarcOptions], domain: Domain) -> Iterator[Finding]:
    where = ("domains", domain.name, "dmarc", "reports")
    for number, uri in enumerate(view.options.reports):
        if not REPORT_URI.fullmatch(uri):
            yield NOT_A_URI.at(domain.name, (*where, number), found=uri)
