"""firewall: a ruleset that opens exactly the ports that are offered."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.firewall import (
    ConnectionLimit,
    LocalService,
    MailClient,
    OpenPort,
)
from mailconf.plugins.firewall.files import ruleset
from mailconf.plugins.firewall.lab import LAB
from mailconf.plugins.firewall.lint import kept_ports_fit
from mailconf.plugins.firewall.options import FirewallOptions
from mailconf.plugins.firewall.requests import guarded

plugin = Plugin(
    name="firewall",
    summary="Render an nftables ruleset that opens only the declared ports.",
    options=FirewallOptions,
    lint=Facet(host=kept_ports_fit),
    requests=Facet(host=guarded),
    files=Facet(host=ruleset),
    takes=(ConnectionLimit, LocalService, MailClient, OpenPort),
    lab=LAB,
)
