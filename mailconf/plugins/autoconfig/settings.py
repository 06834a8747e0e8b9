"""The locations that the web server is to serve."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.model.spec import Domain
from mailconf.plugins.autoconfig.config import document, urls
from mailconf.plugins.autoconfig.options import AutoconfigOptions


def web_location(view: View[AutoconfigOptions], domain: Domain) -> Iterator[Setting]:
    """Ask the web server for the file under both URLs: URL → path on the host."""
    for url in urls(domain) if domain.is_hosted else ():
        yield Setting("webserver", view.spec.web.key, url, document(domain), "autoconfig")
