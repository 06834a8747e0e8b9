"""MTA-STS (RFC 8461): the TXT record and the policy file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from mailconf.formats.tags import TagListError, parse_tags

Mode = Literal["enforce", "testing", "none"]
MAX_AGE = 31_557_600


class StsError(ValueError):
    """The text is not an MTA-STS record or policy."""


@dataclass(frozen=True, slots=True)
class StsRecord:
    """The record at _mta-sts.<domain> (§3.1): `id` is 1 to 32 letters and digits."""

    id: str

    def __str__(self) -> str:
        return f"v=STSv1; id={self.id};"

    @classmethod
    def parse(cls, text: str) -> StsRecord:
        """Read a record; extension tags are ignored."""
        try:
            tags = parse_tags(text)
        except TagListError as why:
            raise StsError(str(why)) from None
        if next(iter(tags), "") != "v" or tags["v"] != "STSv1":
            raise StsError("must start with v=STSv1")
        if not re.fullmatch(r"[A-Za-z0-9]{1,32}", tags.get("id", "")):
            raise StsError(f"id={tags.get('id', '')!r} is not 1 to 32 letters and digits")
        return cls(tags["id"])


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """A policy as served at https://mta-sts.<domain>/.well-known/mta-sts.txt; max_age in seconds."""

    mode: Mode
    mx: tuple[str, ...]
    max_age: int

    def __str__(self) -> str:
        lines = ["version: STSv1", f"mode: {self.mode}"]
        lines += [f"mx: {pattern}" for pattern in self.mx]
        lines.append(f"max_age: {self.max_age}")
        return "".join(line + "\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> StsPolicy:
        """Read a policy with LF or CRLF; unknown keys are ignored (§3.2)."""
        pairs = [line.partition(":") for line in text.splitlines() if line.strip()]
        fields = [(key.strip(), value.strip()) for key, _, value in pairs]
        # §3.2: of a repeated field other than mx, the first counts.
        first = dict(reversed(fields))
        if first.get("version") != "STSv1":
            raise StsError("there is no line 'version: STSv1'")
        if first.get("mode") not in get_args(Mode):
            raise StsError(f"mode {first.get('mode', '')!r} is not enforce, testing or none")
        mx = tuple(value for key, value in fields if key == "mx")
        if not mx and first["mode"] != "none":
            raise StsError(f"mode {first['mode']} needs at least one mx")
        return cls(cast(Mode, first["mode"]), mx, _max_age(first))


def _max_age(first: dict[str, str]) -> int:
    text = first.get("max_age", "")
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > MAX_AGE:
        raise StsError(f"max_age {text!r} is not a number of seconds up to {MAX_AGE}")
    return int(text)
