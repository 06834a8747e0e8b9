"""What strangers say of themselves that verifiers behind the milter read otherwise than the MTA.

OpenDMARC takes for the sender's domain what follows the first `@`, and ends it at a comma or quote,
while SPF is checked for what follows the last. OpenDKIM writes tags of a signature into its results as
they are, from which OpenDMARC reads them back. PostSRSd rewrites what follows the first `@`.
"""

from __future__ import annotations

import re

from .rules import MALFORMED, Message, Refusal

IN_LOCAL_PART = re.compile(r"[\x00-\x1f\x7f@\\,;()<>]")
IN_NAME = re.compile(r"[\x00-\x20\x7f@\\,;()<>\"']")
IN_HELO = re.compile(r"[\x00-\x20\x7f@\\,;<>\"']")
"""OpenDMARC takes this name for the sender's domain where the sender is null. `localhost.(none)` occurs."""
NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
OCTETS = re.compile(r"[^\x00-\x20\x7f=.@\\,;()<>\"]*={0,2}")
"""Base64, or what is none and does not verify."""
IDENTITY = re.compile(
    r"(?!.*[.=]{2})(?![.=])(?!.*=(smtp|header|body|policy)\.)"
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]*@{NAME.pattern}",
    re.IGNORECASE,
)
TAGS = {"d": NAME, "s": NAME, "a": NAME, "b": OCTETS, "i": IDENTITY}
"""Tags that are written into results (RFC 6376 §3.5), and what stands there without being read as more.

OpenDMARC's reader splits at `;`, `=` and `.`: a value that begins or ends with one of them, or has two
side by side, begins another property. No host name and no base64 has that.
"""
SPACE = " \t\r\n"
ENCODED = re.compile(r"=([0-9A-F]{2})")
BROKEN = re.compile(r"=(?![0-9A-F]{2})")
"""What dkim-quoted-printable has not (RFC 6376 §2.11): at the end of a value OpenDKIM reads on behind it."""


def misread(message: Message) -> Refusal | None:
    """Return why a stranger's HELO name, sender or signature is refused, or None."""
    local, _, domain = message.mail_from.rpartition("@")
    if IN_LOCAL_PART.search(local) or IN_NAME.search(domain):
        return Refusal(
            "553 5.1.7", "the sender address has special characters that programs misread"
        )
    if not message.mail_from and IN_HELO.search(message.helo):
        return Refusal(
            "550 5.5.2",
            "the HELO name has characters that no host name has (RFC 5321 section 4.1.1.1)",
        )
    for tag in filter(None, map(_misleading_tag, message.named("dkim-signature"))):
        text = f"the tag {tag}= of a DKIM-Signature field has characters that programs misread"
        return Refusal(MALFORMED, text)
    return None


def _misleading_tag(signature: str) -> str:
    """Return the tag that would end, or begin another, where it is written into results; or nothing.

    White space within one counts as well, but for b=, which signers fold.
    """
    for tag in signature.split(";"):
        name, _, value = tag.partition("=")
        name, value = name.strip().lower(), value.strip(SPACE)
        if name == "b":
            value = re.sub(f"[{SPACE}]+", "", value)
        elif name == "i":
            if BROKEN.search(value):
                return name
            value = ENCODED.sub(lambda octet: chr(int(octet[1], 16)), value)
        if name in TAGS and value and not TAGS[name].fullmatch(value):
            return name
    return ""
