"""Web server: nginx serving exactly the files that other plugins ask for."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.webserver.files import site_file
from mailconf.plugins.webserver.options import WebserverOptions

plugin = Plugin(
    name="webserver",
    summary="Serve client configuration and policies with nginx.",
    options=WebserverOptions,
    files=Facet(host=site_file),
)
