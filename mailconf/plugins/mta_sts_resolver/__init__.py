"""MTA-STS for outgoing mail: what other domains' policies demand of us (RFC 8461)."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.mta_sts_resolver.files import daemon_file
from mailconf.plugins.mta_sts_resolver.lab import LAB
from mailconf.plugins.mta_sts_resolver.options import MtaStsResolverOptions
from mailconf.plugins.mta_sts_resolver.requests import policy_map

plugin = Plugin(
    name="mta_sts_resolver",
    summary="Enforce other domains' MTA-STS policies for outgoing mail (postfix-mta-sts-resolver).",
    options=MtaStsResolverOptions,
    requests=Facet(host=policy_map),
    files=Facet(host=daemon_file),
    lab=LAB,
)
