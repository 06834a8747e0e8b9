"""What the MTA of a host is to do for other plugins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from mailconf.model.host import JobName
from mailconf.model.request import PluginRequest

WayIn = Literal["smtpd", "submission", "local"]
"""The source of a message: at port 25, from users who log in, from programs on the host."""
Stage = Literal["mx-recipient", "submission-recipient", "submission-data", "quota"]
"""When a policy service is asked: at RCPT TO on port 25 and of users, at DATA of users, and, last,
whether there is room in the mailbox of a recipient of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MtaRequest(PluginRequest):
    """A request to the MTA."""

    job: ClassVar[JobName | None] = "mta"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAfter(MtaRequest):
    """The MTA starts after a unit, because it would defer mail until the unit runs."""

    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Milter(MtaRequest):
    """A milter for all messages of one source; `address` as in postconf(5) smtpd_milters."""

    way: WayIn
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyService(MtaRequest):
    """A policy service (SMTPD_POLICY_README); `address` as in check_policy_service."""

    stage: Stage
    address: str
    timeout: str = ""
    """How long one answer may take (postconf(5), time units), where mail then passes unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterCfEntry(MtaRequest):
    """A service in master.cf(5), one line."""

    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalMap(MtaRequest):
    """A lookup table that rewrites envelope addresses (postconf(5) sender_canonical_maps)."""

    which: Literal["sender", "recipient"]
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsPolicyMap(MtaRequest):
    """A lookup table of TLS policies by destination (postconf(5) smtp_tls_policy_maps)."""

    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SrsDomain(MtaRequest):
    """The domain whose SRS addresses are recipients of the site."""

    unique: ClassVar[tuple[str, ...] | None] = ()
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SieveSubmission(MtaRequest):
    """A service at a loopback address, `address:port`, that accepts the mail of Sieve scripts."""

    unique: ClassVar[tuple[str, ...] | None] = ()
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreTransport(MtaRequest):
    """The delivery of a domain's mail: to an LMTP socket on the host, or over TLS to `server`."""

    unique: ClassVar[tuple[str, ...] | None] = ("domain",)
    domain: str
    socket: str = ""
    """Below Postfix's queue directory."""
    server: str = ""
    port: int = 0

    @property
    def subject(self) -> str:
        """The domain."""
        return self.domain
