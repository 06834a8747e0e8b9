"""Zone files: the records of each zone, whole or ready to $INCLUDE."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.zonefile.files import zone_files
from mailconf.plugins.zonefile.lint import ttls_are_usual
from mailconf.plugins.zonefile.options import ZonefileOptions

plugin = Plugin(
    name="zonefile",
    summary="Write the records as master files (RFC 1035 §5).",
    options=ZonefileOptions,
    lint=Facet(site=ttls_are_usual),
    files=Facet(site=zone_files),
)
