"""The configuration file of each domain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.model.artifact import Render
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.plugins.autoconfig.config import config_for, document
from mailconf.plugins.autoconfig.options import AutoconfigOptions


def config_file(view: View[AutoconfigOptions], domain: Domain) -> Iterator[Render]:
    """Order config-v1.1.xml on the web host."""
    if domain.is_hosted and view.spec.web:
        path = PurePosixPath(document(domain).lstrip("/"))
        data = config_for(view, domain)
        yield Render(view.spec.web.key, path, "config-v1.1.xml.j2", data)
