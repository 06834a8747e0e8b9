"""Web server: nginx serving exactly the files that other plugins ask for."""

from mailconf.formats.quoting import nginx_value
from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.web import ServedPage
from mailconf.plugins.webserver.files import site_files
from mailconf.plugins.webserver.lab import LAB
from mailconf.plugins.webserver.options import WebserverOptions
from mailconf.plugins.webserver.requests import open_ports

plugin = Plugin(
    name="webserver",
    summary="Serve client configuration and MTA-STS policies with nginx.",
    options=WebserverOptions,
    requests=Facet(host=open_ports),
    files=Facet(host=site_files),
    fills=("web",),
    takes=(ServedPage,),
    filters={"nginx": nginx_value},
    lab=LAB,
)
