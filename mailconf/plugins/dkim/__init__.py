"""DKIM: the public keys in DNS, and the private ones handed to the signer."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.dkim.lifecycle import steps
from mailconf.plugins.dkim.lint import mail_is_signed
from mailconf.plugins.dkim.options import DkimOptions
from mailconf.plugins.dkim.plan_checks import DANGERS
from mailconf.plugins.dkim.record_checks import PUBLISHED
from mailconf.plugins.dkim.record_kind import DKIM
from mailconf.plugins.dkim.records import domain_records
from mailconf.plugins.dkim.requests import signer_of, signing_keys

plugin = Plugin(
    name="dkim",
    summary="Sign outgoing mail (RFC 6376).",
    options=DkimOptions,
    lint=Facet(domain=mail_is_signed),
    requests=Facet(host=signer_of, domain=signing_keys),
    record_kinds=(DKIM,),
    records=Facet(domain=domain_records),
    plan_checks=DANGERS,
    steps=Facet(domain=steps),
    checks=PUBLISHED,
)
