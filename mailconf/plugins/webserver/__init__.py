"""Web server: nginx serving exactly the files that other plugins ask for."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.webserver.files import site_files
from mailconf.plugins.webserver.options import WebserverOptions
from mailconf.plugins.webserver.settings import open_ports

plugin = Plugin(
    name="webserver",
    summary="Serve client configuration and policies with nginx.",
    options=WebserverOptions,
    settings=Facet(host=open_ports),
    files=Facet(host=site_files),
    fills=("web",),
    takes={"*": "one"},
)
