"""Sessions with SMTP, IMAP, POP3 and ManageSieve servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import AwareDatetime

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.question import Question


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of a line protocol: SMTP code or IMAP/POP3 status, and its lines of text."""

    status: str
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.status, *self.lines]).strip()

    @property
    def is_positive(self) -> bool:
        """Tell whether the command was accepted (SMTP 2xx/3xx, IMAP OK, POP3 +OK)."""
        return self.status in ("OK", "+OK", "*") or self.status[:1] in ("2", "3")

    @property
    def is_temporary(self) -> bool:
        """Tell whether an SMTP server says: not now (4xx, RFC 5321 §4.2.1)."""
        return self.status[:1] == "4"


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What a handshake showed; `fault` is why the chain is not trusted, empty when it is.

    `key` is the kind of the public key in small letters (`rsa`, `ec`, `ed25519`) with its `bits`;
    `digest` is the hash of the signature (`sha256`), empty for one that has none (Ed25519).
    `key_digest` is SHA-256 of the public key (SubjectPublicKeyInfo) in hexadecimal digits."""

    version: str
    cipher: str
    names: tuple[str, ...]
    issuer: str
    not_before: AwareDatetime
    not_after: AwareDatetime
    fault: str = ""
    key: str = ""
    bits: int = 0
    digest: str = ""
    must_staple: bool = False
    key_digest: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """All facts of one session with a listener.

    Capabilities map an upper-case keyword to its arguments. `upgrade` is the reply to STARTTLS or STLS.
    `probes` are replies by probe name, given only where the probe was sent:

    * `login before TLS`: a dummy LOGIN or USER (IMAP, POP3), a dummy AUTH (submission)
    * `mail before TLS`: MAIL FROM (submission)
    * `too large`: MAIL with a SIZE above the limit that is offered (SMTP)
    * `relay`: RCPT to a foreign domain, without authentication (SMTP)
    * `vrfy postmaster`, `vrfy nobody`, `expn`: VRFY of one who exists and one who does not, EXPN (SMTP)"""

    greeting: Reply
    before: Mapping[str, str] = field(default_factory=dict)
    upgrade: Reply | None = None
    tls: TlsFacts | None = None
    after: Mapping[str, str] = field(default_factory=dict)
    ehlo_name: str = ""
    probes: Mapping[str, Reply] = field(default_factory=dict)
    transcript: tuple[str, ...] = ()
    """Every line in order, `C: ` before ours and `S: ` before theirs; credentials are hidden."""
    waited: float = 0.0  # seconds until the greeting

    def lines(self, what: str) -> Iterable[str]:
        """Return the session as people read it, under a heading."""
        return [f"{what}:", *_chain(self.tls), *self.transcript]


def _chain(tls: TlsFacts | None) -> list[str]:
    """Return what the handshake showed, which no transcript has."""
    if not tls:
        return []
    names, until = ", ".join(tls.names), tls.not_after.isoformat()
    fault = f", not trusted: {tls.fault}" if tls.fault else ""
    return [f"{tls.version} {tls.cipher}, certificate for {names} until {until}{fault}"]


@dataclass(frozen=True, slots=True)
class ServerSession(Question[Session]):
    """The facts of one polite session; no mail is sent, no real password used."""

    listener: EndpointAddress
    kind: ClassVar[str] = "session"
    answer_type: ClassVar[Any] = Session

    def __str__(self) -> str:
        return str(self.listener)

    def evidence(self, answer: Session) -> Iterable[str]:
        """Return the certificate and the transcript."""
        return answer.lines(str(self))
