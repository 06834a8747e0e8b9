"""The addresses in a From field (RFC 5322 §3.4, RFC 6854), read strictly.

What two programs could read as two different addresses is unreadable: a signer, a DMARC verifier
and a mail reader must see one author.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SPECIALS = "<>:;,@"
ATOM = re.compile(r"[^\x00-\x20\x7f()<>\[\]:;@\\,.\"]+")
SPACE = re.compile(r"[ \t]+")
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
LITERAL = re.compile(r"\[[0-9A-Za-z:.-]+\]")
MOST_OCTETS = 64 * 1024


class Unreadable(ValueError):
    """The field has no address, or more than one way to read it."""


@dataclass(frozen=True)
class Token:
    """A word or special character; `kind` is atom, quoted, literal, other, `.` or the special itself."""

    kind: str
    text: str
    spaced: bool
    """Whether space or a comment stands before it."""


def authors(values: list[str]) -> list[str]:
    """Return every address in all From fields, domains in lower case; raises Unreadable.

    The fields are given without their names, folded or not, as Latin-1 text.
    """
    if not values:
        raise Unreadable("there is no From field")
    if len(values) > 1:
        raise Unreadable(f"there are {len(values)} From fields")
    found = _Reader(_tokens(_unfolded(values[0]))).mailboxes()
    if not found:
        raise Unreadable("the From field has no address")
    return found


def _unfolded(value: str) -> str:
    """Take line ends off where the next line begins with space (RFC 5322 §2.2.3)."""
    text = re.sub(r"\r?\n(?=[ \t])", "", value)
    if len(text) > MOST_OCTETS or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", text):
        raise Unreadable("the From field has a control character or is too long")
    return text


def _tokens(text: str) -> list[Token]:
    tokens, at, spaced = [], 0, False
    while at < len(text):
        if text[at] in " \t":
            at, spaced = SPACE.match(text, at).end(), True  # type: ignore[union-attr]
        elif text[at] == "(":
            at, spaced = _comment_end(text, at), True
        else:
            token = _token(text, at, spaced)
            tokens.append(token)
            at, spaced = at + len(token.text), False
    return tokens


def _comment_end(text: str, at: int) -> int:
    """Return where a comment ends; comments may hold comments and quoted pairs (§3.2.2)."""
    depth = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    raise Unreadable("a comment in the From field does not end")


def _token(text: str, at: int, spaced: bool) -> Token:
    if text[at] == '"':
        return Token("quoted", text[at : _quote_end(text, at)], spaced)
    literal = LITERAL.match(text, at)
    if literal:
        return Token("literal", literal[0], spaced)
    if text[at] in SPECIALS or text[at] == ".":
        return Token(text[at], text[at], spaced)
    atom = ATOM.match(text, at)
    # Brackets and backslashes are wrong without quotes, and common in display names.
    return Token("atom", atom[0], spaced) if atom else Token("other", text[at], spaced)


def _quote_end(text: str, at: int) -> int:
    at += 1
    while at < len(text):
        if text[at] == '"':
            return at + 1
        at += 2 if text[at] == "\\" else 1
    raise Unreadable("a quoted string in the From field does not end")


class _Reader:
    """Reads a mailbox-list from tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def mailboxes(self, end: str = "") -> list[str]:
        """Read mailboxes, and groups where none is open, up to the token that ends the list."""
        found = self._item(is_member=bool(end))
        while self._next() == ",":
            self._at += 1
            found += self._item(is_member=bool(end))
        if self._next() != end:
            raise Unreadable("the From field has a group that does not end, or ';' outside a group")
        self._at += 1
        return found

    def _next(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _item(self, *, is_member: bool) -> list[str]:
        begin = self._at
        while self._next() not in (",", ";", ":", ""):
            self._at += 1
        part = self._tokens[begin : self._at]
        if self._next() != ":":
            return [_mailbox(part)]
        if is_member or not part or set(_kinds(part)) & set("<>@"):
            raise Unreadable("the From field has ':' out of place")
        self._at += 1
        if self._next() == ";":
            self._at += 1
            return []
        return self.mailboxes(";")


def _kinds(part: list[Token]) -> list[str]:
    return [token.kind for token in part]


def _mailbox(part: list[Token]) -> str:
    """Read a name-addr or an addr-spec."""
    kinds = _kinds(part)
    if "<" not in kinds and ">" not in kinds:
        return _address(part)
    begin = kinds.index("<") if "<" in kinds else 0
    if kinds.count("<") != 1 or kinds.count(">") != 1 or kinds[-1] != ">" or not part:
        raise Unreadable("the From field has '<' or '>' out of place")
    address = _address(part[begin + 1 : -1])
    name = _text(part[:begin]).strip("'").lower()
    if "@" in kinds[:begin] and name != address.lower():
        raise Unreadable("the display name in the From field has another address outside quotes")
    return address


def _address(part: list[Token]) -> str:
    """Read an addr-spec: local part, @, domain, nothing between them (§3.4.1)."""
    kinds = _kinds(part)
    if kinds.count("@") != 1:
        raise Unreadable(f"the From field has {_text(part)!r} where an address is expected")
    at = kinds.index("@")
    if any(token.spaced for token in part[1:]):
        raise Unreadable("the From field has space or a comment inside an address")
    return f"{_local(part[:at])}@{_domain(part[at + 1 :])}"


def _local(part: list[Token]) -> str:
    text = _text(part)
    if len(part) == 1 and part[0].kind == "quoted":
        if "@" in text or not text.isascii():
            raise Unreadable("the From field has '@' in a quoted local part")
        return text
    return _dotted(part, text)


def _dotted(part: list[Token], text: str) -> str:
    kinds = _kinds(part)
    wanted = ["atom" if number % 2 == 0 else "." for number in range(len(kinds))]
    if kinds != wanted or len(kinds) % 2 == 0 or not text.isascii():
        raise Unreadable(f"the From field has {text!r} where a name is expected")
    return text


def _domain(part: list[Token]) -> str:
    if len(part) == 1 and part[0].kind == "literal":
        return part[0].text.lower()
    name = _dotted(part, _text(part)).lower()
    if not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise Unreadable(f"the From field has {name!r} where a domain is expected")
    return name


def _text(part: list[Token]) -> str:
    return "".join(token.text for token in part)
