"""Name servers: all of a zone's say the same, whichever a sender happens to ask."""

from mailconf.model.plugin import Plugin
from mailconf.plugins.name_servers.checks import CHECKS
from mailconf.plugins.name_servers.options import NameServersOptions

plugin = Plugin(
    name="name_servers",
    summary="All servers of a zone say the same (RFC 1034 §4.3.5).",
    options=NameServersOptions,
    checks=CHECKS,
)
