"""The policy file of each domain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.model.artifact import Render
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.plugins.mta_sts.options import MtaStsOptions
from mailconf.plugins.mta_sts.policy import document, policy_for


def policy_file(view: View[MtaStsOptions], domain: Domain) -> Iterator[Render]:
    """Order mta-sts.txt on the web host."""
    if domain.is_hosted and view.spec.web:
        path = PurePosixPath(document(domain).lstrip("/"))
        yield Render(view.spec.web.key, path, "mta-sts.txt.j2", policy_for(view, domain))
