"""TLSRPT: where other servers report that they could not deliver securely (RFC 8460)."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.promises import StsMode
from mailconf.plugins.tls_rpt.lint import failures_are_reported
from mailconf.plugins.tls_rpt.options import TlsRptOptions
from mailconf.plugins.tls_rpt.record_checks import PUBLISHED
from mailconf.plugins.tls_rpt.record_kind import TLS_RPT
from mailconf.plugins.tls_rpt.records import host_record, report_record

plugin = Plugin(
    name="tls_rpt",
    summary="Ask senders for reports on TLS failures (RFC 8460).",
    options=TlsRptOptions,
    lint=Facet(domain=failures_are_reported),
    record_kinds=(TLS_RPT,),
    records=Facet(host=host_record, domain=report_record),
    checks=PUBLISHED,
    takes=(StsMode,),
)
