"""CAA: which authorities may issue certificates for our hosts (RFC 8659)."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.caa.options import CaaOptions
from mailconf.plugins.caa.record_checks import PUBLISHED
from mailconf.plugins.caa.record_kind import CAA
from mailconf.plugins.caa.records import issuer_records

plugin = Plugin(
    name="caa",
    summary="Restrict which CAs may issue certificates for the hosts (RFC 8659).",
    options=CaaOptions,
    record_kinds=(CAA,),
    records=Facet(host=issuer_records),
    checks=PUBLISHED,
)
