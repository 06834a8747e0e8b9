"""Options of the bimi section."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from mailconf.formats.bimi import BimiRecord
from mailconf.model.base import Model, Read


def _uri(text: str) -> str:
    BimiRecord.parse(str(BimiRecord(text)))
    return text


Https = Annotated[str, AfterValidator(_uri)]
"""An https URI without semicolons."""


class BimiOptions(Model):
    """A logo for a domain's mail; no record without one."""

    READ: ClassVar = Read(at=("domains",), of=("hosted", "send-only", "provider"))
    logo: Https | None = None
    """Where the image is: SVG Tiny PS."""
    evidence: Https | None = None
    """Where its certificate is (VMC or CMC, PEM); Gmail shows no logo without."""
