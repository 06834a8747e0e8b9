"""Signing, judging and sorting of messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from mailconf.model.host import JobName
from mailconf.model.request import PluginRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSigner(PluginRequest):
    """The signer `to` runs on the host."""

    unique: ClassVar[tuple[str, ...] | None] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UseSigningKey(PluginRequest):
    """The signer `to` signs a domain's mail with a key; `reference` names the private half."""

    job: ClassVar[JobName | None] = "signer"
    unique: ClassVar[tuple[str, ...] | None] = ("domain", "selector", "key_type")
    domain: str
    selector: str
    key_type: str
    """`rsa` or `ed25519` (RFC 6376, RFC 8463)."""
    reference: str

    @property
    def subject(self) -> str:
        """The domain."""
        return self.domain


@dataclass(frozen=True, slots=True, kw_only=True)
class SignHostMail(PluginRequest):
    """The signer `to` signs mail from a host name with a key of `domain`."""

    unique: ClassVar[tuple[str, ...] | None] = ("hostname",)
    hostname: str
    domain: str

    @property
    def subject(self) -> str:
        """The host name."""
        return self.hostname


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeMail(PluginRequest):
    """Incoming mail must be checked for SPF and DMARC, because the signer does neither."""

    unique: ClassVar[tuple[str, ...] | None] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChecked(PluginRequest):
    """A plugin has mail on the host checked: its authors against who sends it, or what arrives by DMARC."""

    is_optional: ClassVar[bool] = True
    what: Literal["authors", "dmarc"]

    @property
    def subject(self) -> str:
        """What is checked."""
        return self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class SieveBefore(PluginRequest):
    """A Sieve script (RFC 5228) that runs before those of users."""

    job: ClassVar[JobName | None] = "access"
    unique: ClassVar[tuple[str, ...] | None] = ()
    script: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnSpam(PluginRequest):
    """Messages that users move to or from Junk train the spam filter at `address:port`."""

    job: ClassVar[JobName | None] = "access"
    unique: ClassVar[tuple[str, ...] | None] = ()
    controller: str
