"""What a rendered server is known to offer: the checks of its protocol compare it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mailconf.model.endpoint import Family
from mailconf.model.request import PluginRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpCapabilities(PluginRequest):
    """EHLO keywords (RFC 5321 §2.2.2) that the SMTP services of the host offer."""

    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSizeLimit(PluginRequest):
    """The largest message that the SMTP services of the host accept, in octets (RFC 1870)."""

    unique: ClassVar[tuple[str, ...] | None] = ()
    octets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessCapabilities(PluginRequest):
    """Capabilities that IMAP, POP3 or ManageSieve offers before login."""

    family: Family
    keywords: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The protocol."""
        return self.family


@dataclass(frozen=True, slots=True, kw_only=True)
class StsMode(PluginRequest):
    """The mode of a domain's MTA-STS policy (RFC 8461 §3.2)."""

    unique: ClassVar[tuple[str, ...] | None] = ("domain",)
    domain: str
    mode: str

    @property
    def subject(self) -> str:
        """The domain."""
        return self.domain
