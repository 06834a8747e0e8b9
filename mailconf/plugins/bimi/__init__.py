"""BIMI: the logo that mailboxes show beside a domain's mail."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.bimi.lint import logo_can_be_shown
from mailconf.plugins.bimi.options import BimiOptions
from mailconf.plugins.bimi.record_kind import BIMI
from mailconf.plugins.bimi.records import logo_record

plugin = Plugin(
    name="bimi",
    summary="Publish the location of a domain's logo (BIMI, an Internet-Draft).",
    options=BimiOptions,
    lint=Facet(domain=logo_can_be_shown),
    record_kinds=(BIMI,),
    records=Facet(domain=logo_record),
)
