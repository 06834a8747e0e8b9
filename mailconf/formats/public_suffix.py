"""The organizational domain of a name, by the Public Suffix List as it was when mailconf was installed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@cache
def organizational_domain(name: str) -> str:
    """Return what is registered below a public suffix; a suffix is its own (RFC 7489 §3.2).

    `name` is in A-labels without a final dot.
    """
    return _suffixes().privatesuffix(name) or name


def is_public_suffix(name: str) -> bool:
    """Tell whether names below this one are registered by different organizations."""
    return _suffixes().privatesuffix(name) is None


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415, 40 ms that few commands need

    return PublicSuffixList()
