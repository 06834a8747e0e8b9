"""Secrets are references; the value is fetched only while a secret file is written."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

MARK = "\x00"
REFERENCE = re.compile(r"ref\+(env|file|exec)://(\S[^\x00-\x1f\x7f]*)")
HIDDEN = "[secret]"
"""What stands for a secret wherever it would be shown."""
Form = Literal[
    "line", "key", "url", "dovecot", "dovecot-ext", "dovecot-pgsql", "dovecot-mysql",
    "sasl-password", "passwd-field", "srs-secret",
]  # fmt: skip
"""What a value must be, a line or a private key, and in which syntax it is written (`spelled`)."""


class SecretMark:
    """Marks a field whose value is a secret or refers to one: no message shows what stands there."""


NAMES = {"env": "variable", "file": "file", "exec": "command"}
EMPTY = re.compile(r"ref\+(env|file|exec)://\s*")


def _reference(value: str) -> str:
    if empty := EMPTY.fullmatch(value):
        raise ValueError(f"a reference that names a {NAMES[empty[1]]}")
    if not REFERENCE.fullmatch(value):
        raise ValueError(
            "a reference, never the secret itself: ref+env://NAME, ref+file://PATH, ref+exec://COMMAND"
        )
    return value


SecretRef = Annotated[str, AfterValidator(_reference), SecretMark()]
"""Where a secret of one line can be fetched: ref+env://, ref+file:// (beside the spec) or ref+exec://."""

KeyRef = Annotated[str, AfterValidator(_reference), SecretMark()]
"""Where a private key can be fetched: PEM, or an Ed25519 seed in base64."""


def marked(reference: str, form: Form = "line") -> str:
    """Wrap a reference so that the writer finds it in a rendered text, and knows how to spell it."""
    how = "" if form == "line" else f"{form} "
    return f"{MARK}{how}{reference}{MARK}"


def unmarked(inner: str) -> tuple[str, str]:
    """Return form and reference of what stands between two marks."""
    form, space, reference = inner.partition(" ")
    is_plain = inner.startswith("ref+") or not space
    return ("line", inner) if is_plain else (form, reference)
