"""Values of main.cf that are lists: their words, what $name stands for, and tables that match everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network

REFERENCE = re.compile(r"\$(?:(\w+)|\((\w+)\)|\{(\w+)\})")
DEPTH = 8
"""How many references are followed, one to the next."""
MOST = 65_536
"""Characters to which references may grow."""
PROBES = ("x@a.invalid", "q9@b-c.example", "198.51.100.7", "2001:db8::9")
"""What tables are asked for: a pattern that matches all of them was not written for any."""
RULE = re.compile(r"\{\s*(?P<pattern>!?/(?:[^/\\]|\\.)*/\S*|\S+)\s+(?P<result>[^{}]*)\}")


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
    """Replace each $name with its value, as far as that is known here."""
    for _ in range(DEPTH):
        changed = REFERENCE.sub(
            lambda name: values.get(next(filter(None, name.groups())), name[0]), value
        )
        if changed == value or len(changed) > MOST:
            return value
        value = changed
    return value


def answers(table: str) -> Iterator[str]:
    """Yield what a table answers whatever it is asked; nothing where that depends, or is in a file.

    `type:name` (postconf(1) -m): static, cidr, regexp and pcre with their rules in place, and unions.
    """
    kind, _, rest = table.partition(":")
    body = rest.strip()
    if kind == "static":
        yield body.strip("{} ")
    elif kind in ("unionmap", "union", "pipemap", "randmap") and body.startswith("{"):
        for inner in words(body[1:-1]):
            yield from [inner] if kind == "randmap" else answers(inner)
    elif kind in ("cidr", "regexp", "pcre") and body.startswith("{"):
        rules = RULE.finditer(body[1:-1])
        yield from (rule["result"].strip() for rule in rules if _matches_all(kind, rule["pattern"]))


def networks(table: str) -> Iterator[str]:
    """Yield the addresses and networks that a table in place lists, as they are written."""
    kind, _, body = table.partition(":")
    if kind == "cidr":
        yield from (rule["pattern"] for rule in RULE.finditer(body.strip()[1:-1]))
    elif kind == "inline":
        yield from (one.strip("{} ").partition("=")[0].strip() for one in words(body.strip()[1:-1]))


def _matches_all(kind: str, pattern: str) -> bool:
    try:
        if kind == "cidr":
            return ip_network(pattern, strict=False).prefixlen == 0
        is_negated, body = pattern.startswith("!"), pattern.lstrip("!").rpartition("/")[0][1:]
        found = [bool(re.search(body, probe)) for probe in PROBES]
    except (ValueError, re.error):
        return False
    return not any(found) if is_negated else all(found)
