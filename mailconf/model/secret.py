"""Secrets are references; the value is fetched only while a secret file is written."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

MARK = "\x00"
REFERENCE = re.compile(r"ref\+(env|file|exec)://(\S[^\x00-\x1f\x7f]*)")


def _reference(value: str) -> str:
    if not REFERENCE.fullmatch(value):
        raise ValueError(
            "a reference, never the secret itself: ref+env://NAME, ref+file://PATH, ref+exec://COMMAND"
        )
    return value


SecretRef = Annotated[str, AfterValidator(_reference)]
"""Where a secret can be fetched: ref+env://, ref+file:// (beside the spec) or ref+exec://."""


def marked(reference: str) -> str:
    """Wrap a reference so that the writer finds it in a rendered text."""
    return f"{MARK}{reference}{MARK}"
