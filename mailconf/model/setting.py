"""One plugin's wish for a line in another plugin's file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """Ask plugin `to` for `key = value` on one host.

    `rank` None asks to be the only value: the engine refuses two different ones. A number makes
    the value one of several, joined in order of rank.
    """

    to: str
    host: str
    key: str
    value: str
    source: str
    rank: int | None = None
