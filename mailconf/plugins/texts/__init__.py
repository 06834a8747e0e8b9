"""Other texts at a domain's name: verifications of sites, mostly."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.texts.options import TextsOptions
from mailconf.plugins.texts.records import text_records

plugin = Plugin(
    name="texts",
    summary="Publish other TXT records at the domain name.",
    options=TextsOptions,
    records=Facet(domain=text_records),
)
