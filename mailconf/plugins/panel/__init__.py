"""Tables for those who type records into a web panel."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.panel.files import tables
from mailconf.plugins.panel.options import PanelOptions

plugin = Plugin(
    name="panel",
    summary="Write the records as tables to type into a web panel.",
    options=PanelOptions,
    files=Facet(site=tables),
)
