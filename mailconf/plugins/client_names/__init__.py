"""Names under which mail programs look for servers that mailconf does not render."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.client_names.checks import CHECKS
from mailconf.plugins.client_names.options import ClientNamesOptions
from mailconf.plugins.client_names.records import client_names

plugin = Plugin(
    name="client_names",
    summary="Point Autodiscover and ua-auto-config at your own servers.",
    options=ClientNamesOptions,
    records=Facet(domain=client_names),
    checks=CHECKS,
)
