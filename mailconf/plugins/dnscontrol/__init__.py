"""DNSControl: the records as JavaScript for its dnsconfig.js."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.dnscontrol.files import records_file
from mailconf.plugins.dnscontrol.options import DnscontrolOptions

plugin = Plugin(
    name="dnscontrol",
    summary="Write the records for DNSControl.",
    options=DnscontrolOptions,
    files=Facet(site=records_file),
)
