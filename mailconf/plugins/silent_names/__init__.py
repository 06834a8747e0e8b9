"""Names below a domain from which no mail comes and to which none goes: web sites, mostly."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.silent_names.options import SilentNamesOptions
from mailconf.plugins.silent_names.records import silence

plugin = Plugin(
    name="silent_names",
    summary="Declare that names receive and send no mail (RFC 7505, RFC 7208 §10.1.2).",
    options=SilentNamesOptions,
    records=Facet(domain=silence),
)
