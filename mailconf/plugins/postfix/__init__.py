"""Postfix: receives on port 25, submits on 465 and 587, relays for nobody."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.postfix.files import daemon_files
from mailconf.plugins.postfix.lint import additions_fit, aliases_fit
from mailconf.plugins.postfix.options import PostfixOptions
from mailconf.plugins.postfix.settings import served_and_open

plugin = Plugin(
    name="postfix",
    summary="Run Postfix as the MTA of every host.",
    options=PostfixOptions,
    lint=Facet(host=additions_fit, domain=aliases_fit),
    settings=Facet(host=served_and_open),
    files=Facet(host=daemon_files),
    fills=("mta",),
    takes={
        "after": "several",
        "smtpd_milters": "several",
        "submission_milters": "several",
        "non_smtpd_milters": "several",
        "mx_policy": "several",
        "submission_policy": "several",
        "submission_data_policy": "several",
        "quota_policy": "several",
        "smtp_tls_policy_maps": "several",
        "sender_canonical_maps": "several",
        "recipient_canonical_maps": "several",
        "master_cf": "several",
        "srs_domain": "several",
        "sieve_submission": "one",
        "transport *": "one",
        "external *": "one",
    },
)
