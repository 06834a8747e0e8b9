"""The location that the web server is to serve."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.plugins.mta_sts.options import MtaStsOptions
from mailconf.plugins.mta_sts.policy import document, url


def web_location(view: View[MtaStsOptions], domain: Domain) -> Iterator[Setting]:
    """Ask the web server for the policy file: URL → path on the host."""
    if domain.is_hosted and view.spec.web:
        web, mode = view.spec.web.key, view.for_domain(domain).mode
        yield Setting("web", web, url(domain), document(domain), "mta_sts")
        # Who enforces a policy wants reports on what it keeps out.
        yield Setting("tls_rpt", web, f"mode {domain.name}", mode, "mta_sts")
