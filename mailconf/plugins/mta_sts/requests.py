"""The location that the web server is to serve."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.promises import StsMode
from mailconf.model.requests.web import ServedPage
from mailconf.plugins.mta_sts.options import MtaStsOptions
from mailconf.plugins.mta_sts.policy import document, url


def web_location(view: View[MtaStsOptions], domain: Domain) -> Iterator[PluginRequest]:
    """Ask the web server for the policy file: URL → path on the host."""
    if domain.is_hosted and view.spec.web:
        web, mode = view.spec.web.key, view.for_domain(domain).mode
        yield ServedPage(host=web, url=url(domain), path=document(domain))
        # Who enforces a policy wants reports on what it keeps out.
        yield StsMode(host=web, domain=domain.name, mode=mode)
