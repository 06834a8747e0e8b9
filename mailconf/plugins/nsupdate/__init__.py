"""nsupdate: the records as a dynamic update (RFC 2136)."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.nsupdate.files import scripts
from mailconf.plugins.nsupdate.options import NsupdateOptions

plugin = Plugin(
    name="nsupdate",
    summary="Write the records as scripts for nsupdate (RFC 2136).",
    options=NsupdateOptions,
    files=Facet(site=scripts),
)
