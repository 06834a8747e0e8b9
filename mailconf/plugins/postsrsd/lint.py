"""The domain in whose name forwarded mail leaves takes its bounces back."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.public_suffix import organizational_domain
from mailconf.model.dmarc_policy import dmarc_of
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.plugins.postsrsd.options import PostsrsdOptions

NOT_OURS = Rule(
    code="SRS001",
    name="srs-domain-not-hosted",
    severity=Severity.ERROR,
    message="forwarded mail would use the sender domain {domain}, whose bounces are not delivered to this site",
    fix="name a domain whose mail is hosted here",
    ref="Sender Rewriting Scheme, libsrs2",
    bad="plugins: {postsrsd: {domain: elsewhere.example, secret: ref+env://SRS}}",
    good="plugins: {postsrsd: {domain: example.org, secret: ref+env://SRS}}",
)
NO_SECRET = Rule(
    code="SRS002",
    name="srs-secret-missing",
    severity=Severity.ERROR,
    message="postsrsd has a domain but no secret; anyone could forge SRS addresses",
    fix="add secret: ref+file://PATH with 32 random octets in base64",
    bad="plugins: {postsrsd: {domain: example.org}}",
    good="plugins: {postsrsd: {domain: example.org, secret: ref+env://SRS}}",
)


LAUNDERED = Rule(
    code="SRS003",
    name="srs-domain-aligned",
    severity=Severity.WARNING,
    message="mail forged from {domain} passes DMARC once it is forwarded as {srs}; the policy of {domain} is {policy}, so it is accepted",
    fix="set dmarc: {{policy: reject}} for {domain} and its subdomains, or postsrsd.domain to a domain of another organizational domain",
    ref="RFC 9989 §4.4",
    bad=(
        "plugins: {postsrsd: {domain: example.org, secret: ref+env://SRS}}\n"
        "domains: {example.org: {dmarc: {policy: quarantine}}}"
    ),
    good="plugins: {postsrsd: {domain: example.org, secret: ref+env://SRS}}",
)


def forwarding_is_sound(view: View[PostsrsdOptions]) -> Iterator[Finding]:
    """Yield what would let bounces get lost, or forged mail pass for genuine."""
    srs = view.options.domain
    if srs:
        yield from _domain_is_ours(view, srs)
        for domain in view.spec.domains.values():
            if _may_align(domain.name, srs):
                yield from _forgeries_are_not_forwarded(view, domain, srs)


def _forgeries_are_not_forwarded(
    view: View[PostsrsdOptions], domain: Domain, srs: str
) -> Iterator[Finding]:
    """Yield a domain for which SPF of rewritten senders counts, and whose forged mail is accepted."""
    record = dmarc_of(view.records, domain.name)
    policies = [record.p, record.sp, record.np] if record else []
    if record and record.aspf == "s":
        policies = [record.p] if domain.name == srs else ["reject"]
    weak = next((policy for policy in policies if policy != "reject"), "")
    if weak or not record:
        where = ("domains", domain.name, "dmarc")
        yield LAUNDERED.at(
            domain.name, where, domain=domain.name, srs=srs, policy=weak or "missing"
        )


def _may_align(domain: str, srs: str) -> bool:
    """Tell whether two names have the same organizational domain (RFC 9989 §4.4)."""
    return domain == srs or organizational_domain(domain) == organizational_domain(srs)


def _domain_is_ours(view: View[PostsrsdOptions], srs: str) -> Iterator[Finding]:
    if srs not in view.spec.hosted_names:
        yield NOT_OURS.at("postsrsd", ("plugins", "postsrsd", "domain"), domain=srs)
    if not view.options.secret:
        yield NO_SECRET.at("postsrsd", ("plugins", "postsrsd"))
