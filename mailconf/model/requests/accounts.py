"""What others must know of a site's accounts and authors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mailconf.model.request import PluginRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalAccounts(PluginRequest):
    """The users of a domain are in a database or directory of the mail store, not in the spec."""

    unique: ClassVar[tuple[str, ...] | None] = ("domain",)
    domain: str

    @property
    def subject(self) -> str:
        """The domain."""
        return self.domain


@dataclass(frozen=True, slots=True, kw_only=True)
class SieveNotices(PluginRequest):
    """The mail store sends the mail of Sieve scripts as `user`, an account of the host, to `port` of 127.0.0.1.

    `postmaster` signs notices that no mailbox sends.
    """

    unique: ClassVar[tuple[str, ...] | None] = ()
    user: str
    postmaster: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewrittenSenders(PluginRequest):
    """Senders of forwarded mail are rewritten on the host to addresses of `domain` (SRS0, SRS1)."""

    unique: ClassVar[tuple[str, ...] | None] = ()
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfFieldAdded(PluginRequest):
    """A policy service adds a Received-SPF field, the first of all."""

    unique: ClassVar[tuple[str, ...] | None] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorsHeld(PluginRequest):
    """The MTA of the host itself refuses mail whose From: its sender may not use: it needs no milter for that."""

    is_optional: ClassVar[bool] = True
    unique: ClassVar[tuple[str, ...] | None] = ()
