"""MX: where the world sends a domain's mail, or that it sends none."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.mx_records.lint import mx_hosts_make_sense
from mailconf.plugins.mx_records.options import MxOptions
from mailconf.plugins.mx_records.plan_checks import DANGERS
from mailconf.plugins.mx_records.record_checks import PUBLISHED
from mailconf.plugins.mx_records.record_kind import MX
from mailconf.plugins.mx_records.records import mx_records

plugin = Plugin(
    name="mx_records",
    summary="MX records, and the null MX of domains without mail (RFC 5321 §5.1, RFC 7505).",
    options=MxOptions,
    lint=Facet(domain=mx_hosts_make_sense),
    record_kinds=(MX,),
    records=Facet(domain=mx_records),
    plan_checks=DANGERS,
    checks=PUBLISHED,
)
