"""What was fetched or sent as a secret, in every spelling of it, taken out of texts that are shown."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from itertools import islice
from typing import Any, TypeVar, cast
from urllib.parse import quote, quote_plus

from mailconf.model.finding import Rule
from mailconf.model.secret import HIDDEN

T = TypeVar("T")
PLAIN = (int, float, Enum, date, timedelta, Rule)
"""What holds no text of others."""
FEW = 300
SHORTEST = 4
"""Of a secret of fewer characters nothing is hidden: half of every report would be marks."""
LOOSE = 6
"""From so many characters on, case and white space inside do not matter."""
# Between two pieces of a text that was wrapped: white space, escaped or not, and what a line of a
# transcript begins with.
JOINT = re.compile(
    r"(?:\\r)?(?:\n|\\n)\s*(?:[SC]: ?)?"
    r"(?:[2-5][0-9][0-9](?:[- ]|$)|[*+](?: |$)|a[0-9]+ (?:OK|NO|BAD) )?|\\[rt]|\s"
)
SPACE = re.compile(r"\s")


def spellings(secret: str) -> Iterator[str]:
    """Yield a secret as protocols, files and programs write it."""
    octets = secret.encode("utf-8", "surrogateescape")
    shown = octets.decode("utf-8", "backslashreplace")
    yield from (secret, shown, octets.decode("latin-1"), octets.hex())
    # Quoted strings (RFC 9051 §4.3, RFC 5804 §1.2), JSON, Python, XML; a literal is the text itself.
    yield shown.replace("\\", "\\\\").replace('"', '\\"')
    yield from (json.dumps(shown)[1:-1], json.dumps(shown, ensure_ascii=False)[1:-1])
    yield from (
        repr(secret)[1:-1],
        ascii(secret)[1:-1],
        html.escape(shown),
        html.escape(shown, quote=False),
    )
    yield from (quote(octets, safe=""), quote(octets), quote_plus(octets))
    yield from in_base64(octets)


def in_base64(octets: bytes) -> Iterator[str]:
    """Yield what every base64 text has that holds the octets: in each alignment, the ends left out.

    So it is found inside a token of PLAIN, XOAUTH2 or OAUTHBEARER and alone, as LOGIN sends it.
    """
    for before in range(3):
        padded = bytes(before) + octets
        begin, end = -(-before * 8 // 6), len(padded) * 8 // 6
        yield b64encode(padded).decode()[begin:end]
        yield urlsafe_b64encode(padded).decode()[begin:end]


class Hidden:
    """Secrets of one run, few as a rule; texts may be large."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: dict[str, None] = {}
        self._loose: dict[str, set[str]] = {}
        """Forms by how they begin, case and joints left out."""
        self._exact: dict[str, set[str]] = {}
        """Short forms by how they begin: these are found as they are spelled."""
        self._built = 0
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Hide a value from now on; of a private key every line, and all of it."""
        lines = [one for one in secret.splitlines() if one and not one.startswith("-----")]
        for one in (secret, *lines):
            if len(one.strip()) >= SHORTEST:
                self._secrets.setdefault(one)

    def hide(self, text: str) -> str:
        """Put a mark in place of every secret; line ends inside one stay."""
        if not self._secrets:
            return text
        self._build()
        for form in self._short(text):
            text = text.replace(form, HIDDEN)
        for joint in (JOINT, SPACE):
            found = self._found(joint.sub("", text).casefold())
            text = marked_in(text, joint, found) if found else text
        return text

    def lines(self, lines: Iterable[str]) -> tuple[str, ...]:
        """Hide in lines that belong together: a secret may be wrapped over some of them."""
        given = tuple(lines)
        joined = "\n".join(given)
        hidden = self.hide(joined)
        if hidden == joined:
            return given
        return tuple(self.hide("\n".join(one.replace("\n", " ") for one in given)).split("\n"))

    def within(self, value: T) -> T:
        """Return a value of plain data and dataclasses with every text in it hidden."""
        return cast(T, self._within(value)) if self._secrets else value

    def _within(self, value: Any) -> Any:
        if value is None or isinstance(value, PLAIN):
            return value
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, Mapping):
            return {self._within(key): self._within(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            are_lines = value and all(isinstance(one, str) for one in value)
            return type(value)(self.lines(value) if are_lines else map(self._within, value))
        if is_dataclass(value) and not isinstance(value, type):
            return self._in_fields(value)
        shown = str(value)
        hidden = self.hide(shown)
        return value if hidden == shown else hidden

    def _in_fields(self, value: Any) -> Any:
        kept = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        inner = {name: self._within(one) for name, one in kept.items()}
        changed = {name: one for name, one in inner.items() if one != kept[name]}
        return replace(value, **changed) if changed else value

    def _short(self, text: str) -> list[str]:
        """Return the short forms that stand in a text, the longest first."""
        begins: Iterable[str] = self._exact
        if len(self._exact) > FEW:
            windows = {text[i : i + SHORTEST] for i in range(len(text))}
            begins = self._exact.keys() & windows
        tried = (form for begin in begins if begin in text for form in self._exact[begin])
        return sorted((form for form in tried if form in text), key=len, reverse=True)

    def _found(self, flat: str) -> set[str]:
        """Return the forms in a text; of many only those are tried that begin somewhere in it."""
        begins: Iterable[str] = self._loose
        if len(self._loose) > FEW:
            begins = self._loose.keys() & {flat[i : i + LOOSE] for i in range(len(flat))}
        tried = (form for begin in begins if begin in flat for form in self._loose[begin])
        return {form for form in tried if form in flat}

    def _build(self) -> None:
        """Spell what was added since."""
        for secret in islice(self._secrets, self._built, None):
            for form in spellings(secret):
                flat = {JOINT.sub("", form).casefold(), SPACE.sub("", form).casefold()}
                for one in flat:
                    if len(one) >= LOOSE:
                        self._loose.setdefault(one[:LOOSE], set()).add(one)
                if min(map(len, flat)) < LOOSE and len(form) >= SHORTEST:
                    self._exact.setdefault(form[:SHORTEST], set()).add(form)
        self._built = len(self._secrets)


def marked_in(text: str, joint: re.Pattern[str], found: Iterable[str]) -> str:
    """Mark where the found forms stand in a text, whatever lies between their characters."""
    significant = list(_significant(text, joint))
    flat = "".join(char for _, char in significant)
    covered = bytearray(len(text))
    for form in found:
        begin = flat.find(form)
        while begin >= 0:
            first, last = significant[begin][0], significant[begin + len(form) - 1][0]
            covered[first : last + 1] = b"\1" * (last + 1 - first)
            begin = flat.find(form, begin + 1)
    pieces = re.finditer(rb"\x01+|\x00+", bytes(covered))
    return "".join(_piece(text[one.start() : one.end()], one[0][:1] == b"\1") for one in pieces)


def _piece(text: str, is_secret: bool) -> str:
    return HIDDEN + "\n" * text.count("\n") if is_secret else text


def _significant(text: str, joint: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield the characters that are compared, without case, each with its place."""
    at = 0
    for between in (*joint.finditer(text), None):
        end = between.start() if between else len(text)
        yield from ((place, char) for place in range(at, end) for char in text[place].casefold())
        at = between.end() if between else end


SECRETS = Hidden()
"""Those of this process: what a command has fetched is not in anything that it writes."""
