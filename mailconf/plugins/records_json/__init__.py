"""The records as JSON, for programs of your own and for the next plan."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.records_json.files import records_file
from mailconf.plugins.records_json.options import RecordsJsonOptions

plugin = Plugin(
    name="records_json",
    summary="Write the records as JSON.",
    options=RecordsJsonOptions,
    files=Facet(site=records_file),
)
