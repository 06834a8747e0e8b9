"""DNS lists of senders of spam: are our own addresses and domains on them?"""

from mailconf.model.plugin import Plugin
from mailconf.plugins.dnsbl.checks import CHECKS
from mailconf.plugins.dnsbl.options import DnsblOptions

plugin = Plugin(
    name="dnsbl",
    summary="Check your sending addresses and domains on DNS blocklists (RFC 5782).",
    options=DnsblOptions,
    checks=CHECKS,
)
