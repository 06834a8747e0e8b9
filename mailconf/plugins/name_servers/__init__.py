"""Name servers: all of a zone's say the same, whichever a sender happens to ask."""

from mailconf.model.plugin import Plugin
from mailconf.plugins.name_servers.checks import CHECKS
from mailconf.plugins.name_servers.options import NameServersOptions

plugin = Plugin(
    name="name_servers",
    summary="Check that all authoritative servers of a zone agree (RFC 1034 §4.3.5).",
    options=NameServersOptions,
    checks=CHECKS,
)
