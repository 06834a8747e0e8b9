"""MTA-STS (RFC 8461): the TXT record and the policy file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from mailconf.formats.tags import TagListError, parse_tags

Mode = Literal["enforce", "testing", "none"]
MAX_AGE = 31_557_600
# RFC 8461 §3.1 and §3.2: names and values of extensions; Domain is that of RFC 5321 §4.1.2.
EXTENSION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
EXTENSION_VALUE = re.compile(r"[\x21-\x3a\x3c\x3e-\x7e]+")
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
MX_PATTERN = re.compile(rf"(\*\.)?{LABEL}(\.{LABEL})*")


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
        for name, value in tags.items():
            if not (EXTENSION_NAME.fullmatch(name) and EXTENSION_VALUE.fullmatch(value)):
                raise StsError(f"{name}={value} is not an extension")
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
        """Read a policy with LF or CRLF; well-formed unknown keys are ignored (§3.2)."""
        fields = [_field(line) for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
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


def _field(line: str) -> tuple[str, str]:
    key, _, value = (part.strip(" \t") for part in line.partition(":"))
    if not EXTENSION_NAME.fullmatch(key) or not value:
        raise StsError(f"{line!r} is not 'key: value'")
    if key == "mx" and not MX_PATTERN.fullmatch(value):
        raise StsError(f"mx {value!r} is neither a host name nor *. before one")
    return key, value


def _max_age(first: dict[str, str]) -> int:
    text = first.get("max_age", "")
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > MAX_AGE:
        raise StsError(f"max_age {text!r} is not a number of seconds up to {MAX_AGE}")
    return int(text)
