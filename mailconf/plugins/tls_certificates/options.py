"""Options of the tls_certificates section."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mailconf.model.base import Model, Read

# Let's Encrypt: 100 names in profile classic, 25 in tlsserver and shortlived
# (https://letsencrypt.org/docs/profiles/, 2026).
MAX_NAMES = 100


class TlsOptions(Model):
    """Certificates: how their renewal is proved; files are named by a host's `tls`."""

    challenge: Literal["http", "dns", "none"] = "http"
    """ACME over port 80 (HTTP-01), over DNS (DNS-01), or none: the certificates are made elsewhere."""
    dns_plugin: Annotated[str, Field(pattern=r"^[a-z0-9]+$"), Read(needs=("challenge", "dns"))] = (
        "rfc2136"
    )
    """What certbot publishes with for DNS-01: the plugin dns-NAME."""
    max_names: Annotated[int, Field(ge=1, le=10_000)] = MAX_NAMES
    """How many names the authority puts into one certificate."""
