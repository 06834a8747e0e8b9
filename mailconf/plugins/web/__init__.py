"""Web: the pages that other plugins ask for are served at every address, whichever server runs."""

from mailconf.model.plugin import Plugin
from mailconf.plugins.web.checks import CHECKS
from mailconf.plugins.web.options import WebOptions

plugin = Plugin(
    name="web",
    summary="Check pages of client configuration and policies.",
    options=WebOptions,
    checks=CHECKS,
    takes={"*": "one"},
)
