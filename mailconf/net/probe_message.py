"""The message that goes round: small, plain, and plainly a probe to whoever finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

BODY = (
    "mailconf verify sent this message to see that mail goes round,",
    "and removes it when it has been read. Whoever finds it may delete it.",
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as a server keeps it, with its name for it."""

    folder: str
    id: str
    octets: bytes


def composed(sender: str, recipient: str, token: str) -> bytes:
    """Return a message (RFC 5322); the token stands in Message-ID and Subject."""
    return head(sender, recipient, token) + "".join(f"{line}\r\n" for line in BODY).encode()


def head(sender: str, recipient: str, token: str) -> bytes:
    """Return the header of such a message, and the empty line."""
    domain = sender.rpartition("@")[2]
    lines = (
        f"Date: {format_datetime(datetime.now(UTC))}",
        f"From: mailconf probe <{sender}>",
        f"To: <{recipient}>",
        f"Message-ID: <{token}@{domain}>",
        f"Subject: mailconf probe {token}",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()
