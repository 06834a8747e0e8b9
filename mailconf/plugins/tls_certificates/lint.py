"""What keeps a certificate from being issued: more names than an authority puts into one."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.tls_certificates.lineages import lineages
from mailconf.plugins.tls_certificates.options import TlsOptions

TOO_MANY = Rule(
    code="TLS027",
    name="certificate-names-too-many",
    severity=Severity.WARNING,
    message="the certificate {path} needs {count} names; the limit is {limit}",
    fix=(
        "set plugins.webserver.certificates: domain, so each domain's web names have a certificate; "
        "give domains with a client_host their own tls"
    ),
    ref="https://letsencrypt.org/docs/profiles/",
    bad="plugins: {tls_certificates: {max_names: 2}}",
    good="plugins: {tls_certificates: {max_names: 100}}",
)


def names_fit(view: View[TlsOptions], host: Host) -> Iterator[Finding]:
    """Yield the certificates with too many names; those that are made elsewhere have other limits."""
    if view.options.challenge == "none":
        return
    for lineage in lineages(view, host):
        count, limit = len(lineage.names), view.options.max_names
        if count > limit:
            where = ("hosts", host.key)
            yield TOO_MANY.at(host.key, where, path=lineage.certificate, count=count, limit=limit)
