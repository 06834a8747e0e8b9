"""What Received lines tell of the way that a message came (RFC 5321 §4.4, RFC 3848)."""

from __future__ import annotations

import re
from email.message import Message

from mailconf.formats.comments import without_comments

BY, WITH = re.compile(r"\bby\s+(\S+)"), re.compile(r"\bwith\s+((?:UTF8|E)?SMTPS?A?)\b")


def protocols(message: Message, host: str) -> set[str]:
    """Return by which kinds of SMTP a host has received a message, such as ESMTPSA; loopback counts, too."""
    found = set()
    for line in message.get_all("Received", []):
        text = without_comments(str(line))
        by, kind = BY.search(text), WITH.search(text)
        if by and kind and by[1].rstrip(";").lower() == host.lower():
            found.add(kind[1])
    return found


def is_without_tls(kinds: set[str]) -> bool:
    """Tell whether none of them is over TLS; a host that tells nothing hides it."""
    return bool(kinds) and not any(kind.endswith(("S", "SA")) for kind in kinds)
