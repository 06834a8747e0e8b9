"""Options of the tls_rpt section."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from mailconf.formats.tls_rpt import TlsRptRecord
from mailconf.model.address import ReportAddress
from mailconf.model.base import Model, Read


def _uri(text: str) -> str:
    TlsRptRecord.parse(str(TlsRptRecord((text,))))
    return text


ReportUri = Annotated[ReportAddress, AfterValidator(_uri)]
"""mailto: or https: (RFC 8460 §3)."""


class TlsRptOptions(Model):
    """Report addresses for TLS failures; without one, no record is published."""

    READ: ClassVar = Read(of=("hosted", "provider"), roles=("mx", "backup-mx"))
    reports: tuple[ReportUri, ...] = ()
    """Where they go: URIs such as mailto:tls@example.org or https://reports.example/tls."""
