"""Other texts at a domain's name: verifications of sites, mostly."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.texts.options import TextsOptions
from mailconf.plugins.texts.records import text_records

plugin = Plugin(
    name="texts",
    summary="Publish other texts beside SPF, so that one tool has them all.",
    options=TextsOptions,
    records=Facet(domain=text_records),
)
