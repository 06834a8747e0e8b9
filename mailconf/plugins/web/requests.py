"""Names under which pages are served: each needs a certificate that can be renewed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.web import PageName, ServedPage
from mailconf.plugins.web.options import WebOptions


def names(view: View[WebOptions], host: Host) -> Iterator[PluginRequest]:
    """Name the hosts of all pages, with their schemes; what a directory serves are no pages."""
    for page in view.requests_on(host).of(ServedPage):
        url = urlsplit(page.url)
        if url.hostname and not url.path.endswith("/"):
            yield PageName(host=host.key, name=url.hostname, scheme=url.scheme)
