"""Values of main.cf that are lists: their words, what $name stands for, and tables that match everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network

REFERENCE = re.compile(r"\$(?:(\w+)|\((\w+)\)|\{(\w+)\})")
DEPTH = 8
"""How many references, and tables in tables, are followed one into the next."""
MOST = 65_536
"""Characters to which references may grow."""
# Patterns are compared with these forms and never executed: a spec may hold one that takes hours.
EVERYTHING = re.compile(r"\^?(\(?\.[*+?]?\)?)?\$?")


def words(value: str) -> list[str]:
    """Split at white space and commas, but not within braces (postconf(5), `inline:{...}`)."""
    found, word, depth = [], "", 0
    for sign in f"{value},":
        depth += (sign == "{") - (sign == "}")
        if depth <= 0 and (sign.isspace() or sign == ","):
            found += [word] if word else []
            word = ""
        else:
            word += sign
    return [*found, word] if word else found


def resolved(value: str, values: Mapping[str, str]) -> str:
    """Replace each $name with its value, as far as that is known here and no longer than MOST."""
    for _ in range(DEPTH):
        changed = _replaced(value, values)
        if changed == value:
            return value
        value = changed
    return value


def _replaced(value: str, values: Mapping[str, str]) -> str:
    """Replace each $name once; the value as it is where the result would be longer than MOST."""

    def known(found: re.Match[str]) -> str:
        return values.get(_name(found), found.group())

    if len(value) + sum(len(known(found)) for found in REFERENCE.finditer(value)) > MOST:
        return value
    return REFERENCE.sub(known, value)


def _name(found: re.Match[str]) -> str:
    return str(next(filter(None, found.groups())))


def answers(table: str, depth: int = 0) -> Iterator[str]:
    """Yield what a table answers whatever it is asked; nothing where that depends, or is in a file.

    `type:name` (postconf(1) -m): static, cidr, regexp and pcre with their rules in place, and unions.
    """
    kind, _, rest = table.partition(":")
    body = rest.strip()
    if kind == "static":
        yield body.strip("{} ")
    elif kind in ("unionmap", "union", "pipemap", "randmap") and depth < DEPTH:
        for inner in words(body[1:-1]):
            yield from [inner] if kind == "randmap" else answers(inner, depth + 1)
    elif kind in ("cidr", "regexp", "pcre"):
        yield from (result for pattern, result in _rules(body) if _matches_all(kind, pattern))


def networks(table: str) -> Iterator[str]:
    """Yield the addresses and networks that a table in place lists, as they are written."""
    kind, _, body = table.partition(":")
    if kind == "cidr":
        yield from (pattern for pattern, _ in _rules(body.strip()))
    elif kind == "inline":
        yield from (one.strip("{} ").partition("=")[0].strip() for one in words(body.strip()[1:-1]))


def _rules(body: str) -> Iterator[tuple[str, str]]:
    """Yield pattern and result of each `{pattern result}` in braces."""
    for rule in words(body[1:-1]) if body.startswith("{") else ():
        pattern, _, result = rule.strip("{} \t").partition(" ")
        yield pattern, result.strip()


def _matches_all(kind: str, pattern: str) -> bool:
    if kind != "cidr":
        body, slash, _ = pattern.removeprefix("/").rpartition("/")
        return bool(slash) and pattern.startswith("/") and bool(EVERYTHING.fullmatch(body))
    try:
        return ip_network(pattern, strict=False).prefixlen == 0
    except ValueError:
        return False
