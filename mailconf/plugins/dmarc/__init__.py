"""DMARC: what receivers shall do with mail that fails, and where they report."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.dmarc.checks import CHECKS
from mailconf.plugins.dmarc.lint import policies_make_sense
from mailconf.plugins.dmarc.options import DmarcOptions
from mailconf.plugins.dmarc.plan_checks import DANGERS
from mailconf.plugins.dmarc.record_checks import PUBLISHED
from mailconf.plugins.dmarc.record_kind import DMARC
from mailconf.plugins.dmarc.records import policy_record

plugin = Plugin(
    name="dmarc",
    summary="Publish the DMARC policy: how receivers handle mail that fails (RFC 9989).",
    options=DmarcOptions,
    lint=Facet(domain=policies_make_sense),
    record_kinds=(DMARC,),
    records=Facet(domain=policy_record),
    checks=(*CHECKS, *PUBLISHED),
    plan_checks=DANGERS,
)
