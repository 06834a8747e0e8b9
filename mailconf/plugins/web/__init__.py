"""Web: the pages that other plugins ask for are served at every address, whichever server runs."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.web import ServedPage
from mailconf.plugins.web.checks import CHECKS
from mailconf.plugins.web.options import WebOptions
from mailconf.plugins.web.requests import names

plugin = Plugin(
    name="web",
    summary="Check pages of client configuration and policies.",
    options=WebOptions,
    requests=Facet(host=names),
    checks=CHECKS,
    takes=(ServedPage,),
)
