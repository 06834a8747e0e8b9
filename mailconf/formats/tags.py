"""Tag lists `v=X; a=b` as DKIM, DMARC, MTA-STS and TLSRPT records write them (RFC 6376 §3.2)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailconf.formats.error import FormatError

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
EXTENSION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
"""How MTA-STS and TLSRPT spell names (RFC 8461 §3.1, RFC 8460 §3)."""
NO_VALUE = re.compile(r"[^\t\r\n\x20-\x7e]")
SPACE = " \t"
FOLDING_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Field:
    """One tag; `position` is where its value begins, `start` where its name does."""

    name: str
    value: str
    start: int
    position: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """Whose tag list it is: the rule that errors name, how names look, and what space is.

    In a `tight` list space stands around semicolons alone. Values may be `empty` or not; names
    whose case does not matter are folded.
    """

    rule: str
    names: re.Pattern[str] = NAME
    space: str = SPACE
    tight: bool = False
    empty: bool = True
    fold_case: bool = False


TAG_LIST = Grammar("RFC 6376 §3.2 tag-list", space=FOLDING_SPACE)


class Tags(dict[str, str]):
    """Values by tag, in the order written; `fault` makes an error that points at one of them."""

    def __init__(self, found: list[Field], grammar: Grammar) -> None:
        super().__init__((field.name, field.value) for field in found)
        self._positions = {field.name: field.position for field in found}
        self._grammar = grammar

    def fault(self, name: str, message: str, rule: str = "") -> FormatError:
        """Return an error about a tag's value, or about its absence."""
        return FormatError(message, self._positions.get(name, 0), rule or self._grammar.rule)


def parse_tags(text: str, grammar: Grammar = TAG_LIST) -> Tags:
    """Return the tags in order; raises FormatError on a malformed or repeated tag."""
    found: dict[str, Field] = {}
    for field in fields(text, grammar):
        if field.name in found:
            raise FormatError(f"tag {field.name!r} occurs twice", field.start, grammar.rule)
        found[field.name] = field
    return Tags(list(found.values()), grammar)


def fields(text: str, grammar: Grammar = TAG_LIST) -> Iterator[Field]:
    """Yield the tags, repeated ones as well; raises FormatError on a malformed one."""
    start = 0
    for part in text.split(";"):
        is_last = start + len(part) == len(text)
        if is_last and start and not part.strip(grammar.space):
            return
        if grammar.tight:
            _check_space(part, start, grammar)
        yield _field(part, start, grammar)
        start += len(part) + 1


def _check_space(part: str, start: int, grammar: Grammar) -> None:
    """Refuse space before the list and around the equals sign; readers bear it at the end."""
    inner = part.lstrip(grammar.space) if start else part
    inner = inner.rstrip(grammar.space)
    wrong = re.search(rf"^[{grammar.space}]|[{grammar.space}]=|=[{grammar.space}]", inner)
    if wrong:
        at = start + part.index(inner) + wrong.start()
        raise FormatError("space may stand around semicolons only", at, grammar.rule)


def _field(part: str, start: int, grammar: Grammar) -> Field:
    begin = start + len(part) - len(part.lstrip(grammar.space))
    name, equals, value = part.partition("=")
    name = name.strip(grammar.space)
    if not equals or not grammar.names.fullmatch(name):
        raise FormatError(f"{part.strip(grammar.space)!r} is not tag=value", begin, grammar.rule)
    position = start + part.index("=") + 1
    wrong = NO_VALUE.search(value)
    if wrong:
        raise FormatError(
            f"{wrong[0]!r} in the value of {name}", position + wrong.start(), grammar.rule
        )
    position += len(value) - len(value.lstrip(grammar.space))
    value = value.strip(grammar.space)
    if not value and not grammar.empty:
        raise FormatError(f"{name} has no value", position, grammar.rule)
    return Field(name.lower() if grammar.fold_case else name, value, begin, position)


def print_tags(tags: Mapping[str, str]) -> str:
    """Write tags in the order given, without a final semicolon."""
    return "; ".join(f"{name}={value}" for name, value in tags.items())


def base64_octets(text: str) -> bytes:
    """Return what base64 with folding white space holds (RFC 6376 §2.10); raises ValueError."""
    plain = "".join(text.split())
    if not re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", plain) or len(plain) % 4:
        raise ValueError("not groups of four letters, digits, + and /, filled up with =")
    return base64.b64decode(plain, validate=True)
