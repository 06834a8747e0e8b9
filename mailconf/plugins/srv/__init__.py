"""SRV: where clients find submission, IMAP and POP3."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.srv.options import SrvOptions
from mailconf.plugins.srv.plan_checks import DANGERS
from mailconf.plugins.srv.record_checks import PUBLISHED
from mailconf.plugins.srv.records import service_records

plugin = Plugin(
    name="srv",
    summary="Announce services to clients (RFC 6186, RFC 8314 §5.1).",
    options=SrvOptions,
    records=Facet(domain=service_records),
    plan_checks=DANGERS,
    checks=PUBLISHED,
)
