"""octoDNS: the records as its YAML provider reads them."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.octodns.files import zone_files
from mailconf.plugins.octodns.options import OctodnsOptions

plugin = Plugin(
    name="octodns",
    summary="Write the records for octoDNS.",
    options=OctodnsOptions,
    files=Facet(site=zone_files),
)
