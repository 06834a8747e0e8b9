"""MTA-STS (RFC 8461): the TXT record and the policy file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast, get_args

from mailconf.formats.error import FormatError
from mailconf.formats.tags import EXTENSION_NAME, Grammar, parse_tags

Mode = Literal["enforce", "testing", "none"]
GRAMMAR = Grammar("RFC 8461 §3.1 sts-text-record", EXTENSION_NAME, tight=True)
MAX_AGE = 31_557_600
# RFC 8461 §3.1 and §3.2: names and values of extensions; Domain is that of RFC 5321 §4.1.2.
EXTENSION_VALUE = re.compile(r"[\x21-\x3a\x3c\x3e-\x7e]+")
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# sts-policy-ext-value: no control characters, no space at the ends.
POLICY_VALUE = re.compile(r"[^\x00-\x20\x7f]+(?: +[^\x00-\x20\x7f]+)*")
MX_PATTERN = re.compile(rf"(\*\.)?{LABEL}(\.{LABEL})*")


@dataclass(frozen=True, slots=True)
class StsRecord:
    """The record at _mta-sts.<domain> (§3.1): `id` is 1 to 32 letters and digits."""

    id: str

    def __str__(self) -> str:
        return f"v=STSv1; id={self.id};"

    @classmethod
    def parse(cls, text: str) -> StsRecord:
        """Read a record; extension tags are ignored."""
        tags = parse_tags(text, GRAMMAR)
        if next(iter(tags), "") != "v" or tags["v"] != "STSv1":
            raise FormatError("must start with v=STSv1", 0, "RFC 8461 §3.1 sts-version")
        if not re.fullmatch(r"[A-Za-z0-9]{1,32}", tags.get("id", "")):
            message = f"id={tags.get('id', '')!r} is not 1 to 32 letters and digits"
            raise tags.fault("id", message, "RFC 8461 §3.1 sts-id")
        for name, value in tags.items():
            if not EXTENSION_VALUE.fullmatch(value):
                raise tags.fault(name, f"{name}={value} is not an extension", "RFC 8461 §3.1")
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
        fields = list(_fields(text))
        # §3.2: of a repeated field other than mx, the first counts.
        first = {key: (value, at) for key, value, at in reversed(fields)}
        if first.get("version", ("", 0))[0] != "STSv1":
            raise FormatError("there is no line 'version: STSv1'", 0, "RFC 8461 §3.2")
        mode, at = first.get("mode", ("", len(text)))
        if mode not in get_args(Mode):
            raise FormatError(f"mode {mode!r} is not enforce, testing or none", at, "RFC 8461 §3.2")
        mx = tuple(value for key, value, _ in fields if key == "mx")
        if not mx and mode != "none":
            raise FormatError(f"mode {mode} needs at least one mx", at, "RFC 8461 §3.2")
        return cls(cast(Mode, mode), mx, _max_age(*first.get("max_age", ("", len(text)))))


def _fields(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield key, value and position of each line that holds something."""
    position = 0
    for line in text.split("\n"):
        bare = line.removesuffix("\r")
        if bare.strip(" \t"):
            yield (*_field(bare, position), position)
        position += len(line) + 1


def _field(line: str, position: int) -> tuple[str, str]:
    key, _, value = line.partition(":")
    value = value.strip(" \t")
    if not EXTENSION_NAME.fullmatch(key) or not POLICY_VALUE.fullmatch(value):
        raise FormatError(f"{line!r} is not 'key: value'", position, "RFC 8461 §3.2")
    if key == "mx" and not MX_PATTERN.fullmatch(value):
        message = f"mx {value!r} is neither a host name nor *. before one"
        raise FormatError(message, position, "RFC 8461 §3.2 sts-policy-mx")
    return key, value


def _max_age(text: str, position: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > MAX_AGE:
        message = f"max_age {text!r} is not a number of seconds up to {MAX_AGE}"
        raise FormatError(message, position, "RFC 8461 §3.2 sts-policy-max-age")
    return int(text)
