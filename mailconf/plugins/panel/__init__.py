"""Tables for those who type records into a web panel."""

from mailconf.formats.quoting import table_cell
from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.panel.files import tables
from mailconf.plugins.panel.options import PanelOptions

plugin = Plugin(
    name="panel",
    summary="Write the records as tables for manual entry in a DNS web panel.",
    options=PanelOptions,
    files=Facet(site=tables),
    filters={"cell": table_cell},
)
