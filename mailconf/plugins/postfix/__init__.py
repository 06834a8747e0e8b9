"""Postfix: receives on port 25, submits on 465 and 587, relays for nobody."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.accounts import ExternalAccounts
from mailconf.model.requests.mta import (
    CanonicalMap,
    MasterCfEntry,
    Milter,
    PolicyService,
    SieveSubmission,
    SrsDomain,
    StartAfter,
    StoreTransport,
    TlsPolicyMap,
)
from mailconf.plugins.postfix.files import daemon_files
from mailconf.plugins.postfix.filters import FILTERS
from mailconf.plugins.postfix.lab import LAB
from mailconf.plugins.postfix.lint import additions_fit, aliases_fit
from mailconf.plugins.postfix.options import PostfixOptions
from mailconf.plugins.postfix.requests import served_and_open

plugin = Plugin(
    name="postfix",
    summary="Run Postfix as the MTA of every host.",
    options=PostfixOptions,
    lint=Facet(host=additions_fit, domain=aliases_fit),
    requests=Facet(host=served_and_open),
    files=Facet(host=daemon_files),
    fills=("mta",),
    takes=(
        CanonicalMap,
        ExternalAccounts,
        MasterCfEntry,
        Milter,
        PolicyService,
        SieveSubmission,
        SrsDomain,
        StartAfter,
        StoreTransport,
        TlsPolicyMap,
    ),
    filters=FILTERS,
    lab=LAB,
)
