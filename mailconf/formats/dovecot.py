"""dovecot.conf as a map of settings, in either dialect: read, and compared by meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Path = tuple[str, ...]
DATABASES = ("passdb", "userdb")
OPEN = re.compile(r"(?P<name>[^{]*[^{\s])\s*\{")
UNITS = {"b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
SPANS = {"s": 1, "sec": 1, "min": 60, "hour": 3600, "day": 86400, "week": 604800}
SIZE = re.compile(r"([0-9]+) ?([BbKkMmGgTt])[Bb]?")
SPAN = re.compile(r"([0-9]+) (sec|min|hour|day|week)s?")


class DovecotSyntaxError(ValueError):
    """The text is no dovecot.conf; the message names the line."""


@dataclass(frozen=True, slots=True)
class DovecotConf:
    """All settings by path: ("protocol imap", "mail_plugins") → value.

    Of a database that stands there again every one is kept: "passdb", "passdb 2". Other blocks
    that occur again go on where the first one ended.
    """

    settings: dict[Path, str]

    @classmethod
    def parse(cls, text: str) -> DovecotConf:
        """Read a file, or what doveconf prints; raises DovecotSyntaxError."""
        return cls(dict(_settings(text)))

    def differences(self, effective: DovecotConf) -> Iterator[tuple[Path, str, str]]:
        """Yield path, meant and effective value of every setting that the daemon reads otherwise."""
        for path, value in self.settings.items():
            found = effective.value_at(path)
            if meaning(found) != meaning(self._expanded(path, value)):
                yield path, value, found

    def value_at(self, path: Path) -> str:
        """Return the value at a path; 2.4 prints ssl_server_key_file as ssl_server { key_file }."""
        *outer, name = path
        words = name.split("_")
        splits = (("_".join(words[:i]), "_".join(words[i:])) for i in range(1, len(words)))
        grouped = ((*outer, block, rest) for block, rest in splits)
        found = next((p for p in grouped if p in self.settings), path)
        return self.settings.get(found, "nothing")

    def _expanded(self, path: Path, value: str) -> str:
        """Return a value with 2.3's `$name` replaced by the setting outside the block."""
        outside = self.settings.get(path[-1:], "")
        return value.replace(f"${path[-1]}", outside)


def _settings(text: str) -> Iterator[tuple[Path, str]]:
    path: list[str] = []
    seen: dict[Path, int] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        opened = OPEN.fullmatch(line)
        if not line or line.startswith("#"):
            continue
        if line == "}":
            if not path:
                raise DovecotSyntaxError(f"line {number}: a brace closes what was never opened")
            path.pop()
        elif opened:
            path.append(_counted((*path, _unquoted(opened["name"])), seen))
        else:
            name, equals, value = line.partition("=")
            if not equals:
                raise DovecotSyntaxError(f"line {number}: found {line!r}; expected NAME = VALUE")
            yield (*path, name.strip()), value.strip()
    if path:
        raise DovecotSyntaxError(f"{path[-1]} is never closed")


def _counted(block: Path, seen: dict[Path, int]) -> str:
    """Return a block's name, and for a database that occurs again its number."""
    seen[block] = seen.get(block, 0) + 1
    again = block[-1] in DATABASES and seen[block] > 1
    return f"{block[-1]} {seen[block]}" if again else block[-1]


def _unquoted(text: str) -> str:
    return re.sub(r'"([^"]*)"', lambda quoted: re.sub(r"\\(.)", r"\1", quoted[1]), text)


def meaning(value: str) -> str:
    """Return a value such that two spellings of the same thing are equal: quotes, lists, units."""
    text = " ".join(_unquoted(value).replace(",", " ").split()).replace("%%", "%")
    size, span = SIZE.fullmatch(text), SPAN.fullmatch(text)
    if size:
        return str(int(size[1]) * UNITS[size[2].lower()])
    if span:
        return str(int(span[1]) * SPANS[span[2]])
    return text
