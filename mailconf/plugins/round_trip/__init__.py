"""Logins, and mail that goes round: what only a user sees."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.round_trip.access import ACCESS
from mailconf.plugins.round_trip.authors import CHECKS as AUTHORS
from mailconf.plugins.round_trip.checks import CHECKS
from mailconf.plugins.round_trip.lint import logins_are_ours
from mailconf.plugins.round_trip.options import RoundTripOptions
from mailconf.plugins.round_trip.outside import OUTSIDE

plugin = Plugin(
    name="round_trip",
    summary="Log in and send test messages as a user; only with verify --intrusive (RFC 6409, RFC 9051).",
    options=RoundTripOptions,
    lint=Facet(site=logins_are_ours),
    checks=(*ACCESS, *CHECKS, *AUTHORS, *OUTSIDE),
)
