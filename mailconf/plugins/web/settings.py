"""Names under which pages are served: each needs a certificate that can be renewed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.web.options import WebOptions


def names(view: View[WebOptions], host: Host) -> Iterator[Setting]:
    """Name the hosts of all pages, with their schemes; what a directory serves are no pages."""
    for setting in view.settings_of(host):
        url = urlsplit(setting.key)
        if url.hostname and not url.path.endswith("/"):
            key = f"page {url.hostname}"
            yield Setting("tls_certificates", host.key, key, url.scheme, "web", 0)
