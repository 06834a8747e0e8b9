"""MTA-STS: policy file, TXT record, and the check that both are live."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.mta_sts.checks import CHECKS
from mailconf.plugins.mta_sts.files import policy_file
from mailconf.plugins.mta_sts.lifecycle import steps
from mailconf.plugins.mta_sts.options import MtaStsOptions
from mailconf.plugins.mta_sts.plan_checks import DANGERS
from mailconf.plugins.mta_sts.record_checks import PUBLISHED
from mailconf.plugins.mta_sts.record_kind import MTA_STS
from mailconf.plugins.mta_sts.records import policy_records
from mailconf.plugins.mta_sts.requests import web_location

plugin = Plugin(
    name="mta_sts",
    summary="Publish an MTA-STS policy: senders must use TLS (RFC 8461).",
    options=MtaStsOptions,
    requests=Facet(domain=web_location),
    record_kinds=(MTA_STS,),
    records=Facet(domain=policy_records),
    files=Facet(domain=policy_file),
    checks=(*CHECKS, *PUBLISHED),
    plan_checks=DANGERS,
    steps=Facet(domain=steps),
)
