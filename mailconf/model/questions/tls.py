"""What servers negotiate, and what they do with commands before TLS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.question import Question

Offer = Literal["old TLS", "weak ciphers", "RSA", "ECDSA"]
"""TLS 1.0 and 1.1; or 1.2 without ECDHE with AES-GCM or ChaCha20 (Mozilla's intermediate profile), or with
certificates of one kind."""


@dataclass(frozen=True, slots=True)
class NegotiatedTls:
    """What a handshake led to, empty when the server refused; `key_digest` as in TlsFacts."""

    version: str = ""
    cipher: str = ""
    key_digest: str = ""

    def __str__(self) -> str:
        return " ".join([self.version, self.cipher]).strip() or "nothing"


@dataclass(frozen=True, slots=True)
class TlsNegotiation(Question[NegotiatedTls]):
    """What is agreed with a client that offers nothing else."""

    listener: EndpointAddress
    offer: Offer
    kind: ClassVar[str] = "agreed"
    answer_type: ClassVar[Any] = NegotiatedTls

    def __str__(self) -> str:
        return f"{self.listener} to {self.offer}"


@dataclass(frozen=True, slots=True)
class StarttlsInjection(Question[str]):
    """What a server says inside TLS to a command sent in clear before it: nothing (RFC 3207 §6)."""

    listener: EndpointAddress
    kind: ClassVar[str] = "injected"
    answer_type: ClassVar[Any] = str

    def __str__(self) -> str:
        return f"{self.listener} to a command before TLS"
