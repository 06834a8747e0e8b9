"""Pages to serve, and the certificates that servers show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mailconf.model.artifact import Certificate
from mailconf.model.host import JobName
from mailconf.model.request import PluginRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPage(PluginRequest):
    """A URL and the file that is served for it; for a URL that ends with `/`, a directory."""

    job: ClassVar[JobName | None] = "web"
    unique: ClassVar[tuple[str, ...] | None] = ("url",)
    url: str
    path: str

    @property
    def subject(self) -> str:
        """The URL."""
        return self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class PageName(PluginRequest):
    """A host name under which pages are served, by `http` or `https`."""

    name: str
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSites(PluginRequest):
    """The configuration file of a web server for port 80, which needs no certificate."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateUse(PluginRequest):
    """A service presents the certificate at `path` for `name`, and reloads when the file changes."""

    path: str
    service: str
    name: str


def serves(host: str, service: str, shown: Certificate) -> Iterator[CertificateUse]:
    """Say that a service shows a certificate."""
    yield CertificateUse(host=host, path=shown.certificate, service=service, name=shown.name)
