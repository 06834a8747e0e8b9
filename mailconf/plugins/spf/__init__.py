"""SPF: which addresses may send for a domain, and for each host's own name."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.spf.checks import CHECKS
from mailconf.plugins.spf.lint import senders_are_named
from mailconf.plugins.spf.options import SpfOptions
from mailconf.plugins.spf.plan_checks import DANGERS
from mailconf.plugins.spf.record_checks import PUBLISHED
from mailconf.plugins.spf.record_kind import SPF
from mailconf.plugins.spf.records import domain_record, helo_record

plugin = Plugin(
    name="spf",
    summary="Publish which hosts may send mail for a domain (RFC 7208).",
    options=SpfOptions,
    lint=Facet(domain=senders_are_named),
    record_kinds=(SPF,),
    records=Facet(host=helo_record, domain=domain_record),
    checks=(*CHECKS, *PUBLISHED),
    plan_checks=DANGERS,
)
