"""TLS: every listener shows a certificate that clients trust, for as long as they need it."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.web import CertificateUse, PageName, PlainSites
from mailconf.plugins.tls_certificates.checks import CHECKS
from mailconf.plugins.tls_certificates.files import renewal_units
from mailconf.plugins.tls_certificates.lint import names_fit
from mailconf.plugins.tls_certificates.options import TlsOptions
from mailconf.plugins.tls_certificates.refusals import REFUSALS
from mailconf.plugins.tls_certificates.renewal import RENEWAL
from mailconf.plugins.tls_certificates.requests import challenges
from mailconf.plugins.tls_certificates.sameness import SAMENESS

plugin = Plugin(
    name="tls_certificates",
    summary="Check the certificates of all listeners: chain, name, expiry (RFC 9325, RFC 9525).",
    options=TlsOptions,
    lint=Facet(host=names_fit),
    requests=Facet(host=challenges),
    files=Facet(host=renewal_units),
    checks=(*CHECKS, *REFUSALS, *SAMENESS, *RENEWAL),
    takes=(CertificateUse, PageName, PlainSites),
)
