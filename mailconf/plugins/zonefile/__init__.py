"""Zone files: the records of each zone, whole or ready to $INCLUDE."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.zonefile.files import zone_files
from mailconf.plugins.zonefile.lint import all_of_it
from mailconf.plugins.zonefile.options import ZonefileOptions

plugin = Plugin(
    name="zonefile",
    summary="Write the records as zone files (RFC 1035 §5).",
    options=ZonefileOptions,
    lint=Facet(site=all_of_it),
    files=Facet(site=zone_files),
)
