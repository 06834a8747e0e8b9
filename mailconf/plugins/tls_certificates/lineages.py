"""The certificates of a host as certbot keeps them: one lineage each, its main name first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.web import CertificateUse, PageName, PlainSites
from mailconf.plugins.tls_certificates.options import TlsOptions

LIVE = PurePosixPath("/etc/letsencrypt/live")


@dataclass(frozen=True, slots=True)
class Lineage:
    """One certificate and its names; `name` is certbot's, empty for a file that lies elsewhere."""

    certificate: str
    name: str
    names: tuple[str, ...]


def lineages(view: View[TlsOptions], host: Host) -> tuple[Lineage, ...]:
    """Return the certificates that services of a host serve, by path."""
    covered: dict[str, set[str]] = defaultdict(set)
    for use in view.requests_on(host).of(CertificateUse):
        covered[use.path].add(use.name)
    return tuple(_lineage(path, names, host) for path, names in sorted(covered.items()))


def _lineage(path: str, names: set[str], host: Host) -> Lineage:
    """Certbot shows the first name as the common name, so the host's own stands there."""
    folder = PurePosixPath(path).parent
    name = folder.name if folder.parent == LIVE else ""
    ordered = sorted(names, key=lambda one: (one != host.hostname, one != name, one))
    return Lineage(path, name, tuple(ordered))


def names_of(view: View[TlsOptions], host: Host) -> tuple[str, ...]:
    """Return all names under which a host needs a certificate, its own first."""
    covered = {name for lineage in lineages(view, host) for name in lineage.names}
    pages = (page.name for page in view.requests_on(host).of(PageName) if page.scheme == "https")
    return tuple(sorted(covered.union(pages), key=lambda name: (name != host.hostname, name)))


def has_web_server(view: View[TlsOptions], host: Host) -> bool:
    """Report whether a web server has port 80 of a host: one of ours, or another that serves pages."""
    return bool(view.requests_on(host).of(PageName))


def web_files(view: View[TlsOptions], host: Host) -> tuple[str, ...]:
    """Return the files with which a web server of ours serves port 80."""
    return tuple(sites.file for sites in view.requests_on(host).of(PlainSites))
