"""The domain in whose name forwarded mail leaves takes its bounces back."""

from __future__ import annotations

from collections.abc import Iterator

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


def domain_is_ours(view: View[PostsrsdOptions]) -> Iterator[Finding]:
    """Yield what would let bounces get lost or be forged."""
    options = view.options
    if not options.domain:
        return
    if options.domain not in {domain.name for domain in view.spec.hosted}:
        yield NOT_OURS.at("postsrsd", ("plugins", "postsrsd", "domain"), domain=options.domain)
    if not options.secret:
        yield NO_SECRET.at("postsrsd", ("plugins", "postsrsd"))
