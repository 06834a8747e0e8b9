"""The locations that the web server is to serve."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.web import ServedPage
from mailconf.plugins.autoconfig.config import document, urls
from mailconf.plugins.autoconfig.options import AutoconfigOptions


def web_location(view: View[AutoconfigOptions], domain: Domain) -> Iterator[PluginRequest]:
    """Ask the web server for the file under both URLs: URL → path on the host."""
    if not (domain.is_hosted and view.spec.web):
        return
    for url in urls(domain):
        yield ServedPage(host=view.spec.web.key, url=url, path=document(domain))
