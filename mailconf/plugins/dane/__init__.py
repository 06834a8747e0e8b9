"""DANE: which keys senders insist on when they deliver to us (RFC 7672)."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.dane.checks import CHECKS
from mailconf.plugins.dane.lifecycle import steps
from mailconf.plugins.dane.lint import next_key_is_known
from mailconf.plugins.dane.options import DaneOptions
from mailconf.plugins.dane.plan_checks import DANGERS
from mailconf.plugins.dane.record_checks import PUBLISHED
from mailconf.plugins.dane.record_kind import TLSA
from mailconf.plugins.dane.records import key_records

plugin = Plugin(
    name="dane",
    summary="Publish TLSA records for MX hosts (RFC 7672).",
    options=DaneOptions,
    lint=Facet(host=next_key_is_known),
    record_kinds=(TLSA,),
    records=Facet(host=key_records),
    checks=(*CHECKS, *PUBLISHED),
    plan_checks=DANGERS,
    steps=Facet(host=steps),
)
