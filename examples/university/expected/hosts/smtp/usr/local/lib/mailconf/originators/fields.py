"""The addresses in a From field (RFC 5322 §3.4), read strictly.

What two programs could read as two different addresses is unreadable: a signer, a DMARC verifier
and a mail reader must see one author. What a verifier cannot read at all is unreadable as well,
because it lets such mail pass: groups (RFC 6854), very long fields, and some comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .encoded_words import ENCODED, may_hold_address

SPECIALS = "<>:;,@"
UNCLEAR = frozenset('<>:;,@()[]"\\')
"""What a verifier may take for the end of a quoted local part."""
ATOM = re.compile(r"[^\x00-\x20\x7f()<>\[\]:;@\\,.\"]+")
DOTTED = re.compile(rf"{ATOM.pattern}(\.{ATOM.pattern})*")
SPACE = re.compile(r"[ \t]+")
LABEL = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?")
LITERAL = re.compile(r"\[(?:[0-9.]+|[Ii][Pp][Vv]6:[0-9A-Fa-f:.]+)\]")
MOST_OCTETS = 2000
"""OpenDMARC reads 2,048 octets of a field, line ends included."""
MOST_LINE = 998
"""Octets of a line that Postfix passes on whole (smtp_line_length_limit, lmtp_line_length_limit)."""
MOST_NAME = 246
"""Octets of a domain below which a DMARC record can be: 253 with `_dmarc.` before it."""
PLAIN_COMMENT = re.compile(
    r"\([^()<>\[\]@;\\\"]*(\([^()<>\[\]@;\\\"]*\)[^()<>\[\]@;\\\"]+)*\)(?![(])"
)
"""A comment that every verifier reads as one: rspamd loses the address beside any other."""


BRACKETED = re.compile(r"\[[^()<>\[\]:;@\\,\"]*\]")
"""A tag in a display name: OpenDMARC and OpenDKIM skip from `[` to the next `]`, whatever is between."""


class Unreadable(ValueError):
    """The field has no address, or more than one way to read it."""


@dataclass(frozen=True)
class Token:
    """A word or special character; `kind` is atom, quoted, literal, tag, `.` or the special itself."""

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
    text = _unfolded(values[0])
    goes_on = "(" in text or text.endswith((" ", "\t")) or "\n" in values[0]
    return [_mailbox(part, goes_on) for part in _parts(_tokens(text))]


def is_cut_name(name: str) -> bool:
    """Tell whether Postfix breaks a line before its colon: for others the header ends there."""
    return len(name) >= MOST_LINE


def has_cut_line(name: str, value: str) -> bool:
    """Tell whether Postfix breaks a line of a field, so that others read another text.

    It inserts a line end and a space after 998 octets, also between a backslash and what it quotes.
    """
    lines = f"{name}: {value}".split("\n")
    return any(len(line.rstrip("\r")) > MOST_LINE for line in lines)


def _unfolded(value: str) -> str:
    """Take line ends off where the next line begins with space (RFC 5322 §2.2.3)."""
    if has_cut_line("From", value):
        raise Unreadable("the From field has a line longer than 998 octets")
    text = re.sub(r"\r?\n(?=[ \t])", "", value)
    if len(value) + value.count("\n") > MOST_OCTETS or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", text):
        raise Unreadable("the From field has a control character or is too long")
    return text


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at, spaced, has_comment = 0, False, False
    while at < len(text):
        if text[at] in " \t":
            at, spaced = SPACE.match(text, at).end(), True  # type: ignore[union-attr]
        elif text[at] == "(":
            at, spaced, has_comment = _comment_end(text, at), True, True
        else:
            token = _token(text, at, spaced)
            tokens.append(token)
            at, spaced = at + len(token.text), False
    _check_quotes(tokens, has_comment or any(token.kind == "," for token in tokens))
    _check_encoded_words(tokens)
    return tokens


def _check_quotes(tokens: list[Token], has_more: bool) -> None:
    """Refuse quoted strings with what stands outside quotes as well: some readers mix them up."""
    quoted = {sign for token in tokens if token.kind == "quoted" for sign in token.text}
    if has_more and quoted & set("()<>@"):
        raise Unreadable(
            "the From field has parentheses or an address in quotes, and a comment or list"
        )
    if quoted & set("[]@") and any(token.kind in ("literal", "tag") for token in tokens):
        raise Unreadable("the From field has brackets, and brackets or an address in quotes")


def _check_encoded_words(tokens: list[Token]) -> None:
    """Refuse an encoded-word (RFC 2047 §2) that reaches beyond a word: readers may decode it first."""
    runs = [""]
    for token in tokens:
        if token.kind in ("atom", "."):
            runs[-1] += f" {token.text}" if token.spaced else token.text
        else:
            runs += [token.text, ""]
    rest = [ENCODED.sub("", run) for run in runs]
    if any("=?" in one or "?=" in one for one in rest):
        raise Unreadable("the From field has an encoded word that does not end where it should")
    words = [word for run in runs for word in ENCODED.finditer(run)]
    if _has_brackets(tokens) and any(may_hold_address(word) for word in words):
        raise Unreadable("the From field has an address in an encoded word beside brackets")


def _has_brackets(tokens: list[Token]) -> bool:
    """Tell whether there are brackets elsewhere than in a domain."""
    kinds = _kinds(tokens)
    return any(
        kind == "tag" or (kind == "literal" and kinds[at - 1 : at] != ["@"])
        for at, kind in enumerate(kinds)
    )


def _comment_end(text: str, at: int) -> int:
    """Return where a comment ends (§3.2.2); after an address it stands behind a space."""
    comment = PLAIN_COMMENT.match(text, at)
    if not comment or (at and text[at - 1] not in " \t" and "@" in text[:at]):
        raise Unreadable("the From field has a comment that programs read differently")
    return comment.end()


def _token(text: str, at: int, spaced: bool) -> Token:
    if text[at] == '"':
        return Token("quoted", text[at : _quote_end(text, at)], spaced)
    literal = LITERAL.match(text, at)
    if literal:
        return Token("literal", literal[0], spaced)
    if text[at] in SPECIALS or text[at] == ".":
        return Token(text[at], text[at], spaced)
    # Brackets are wrong without quotes, and common in display names: `[List] Name`, `name[bot]`.
    tag = BRACKETED.match(text, at)
    if tag:
        return Token("tag", tag[0], spaced)
    atom = ATOM.match(text, at)
    if not atom:
        raise Unreadable(f"the From field has {text[at]!r} out of place")
    return Token("atom", atom[0], spaced)


def _quote_end(text: str, at: int) -> int:
    at += 1
    while at < len(text):
        if text[at] == '"':
            return at + 1
        at += 2 if text[at] == "\\" else 1
    raise Unreadable("a quoted string in the From field does not end")


def _parts(tokens: list[Token]) -> list[list[Token]]:
    """Cut a mailbox-list at its commas (§3.4)."""
    kinds = _kinds(tokens)
    if ":" in kinds or ";" in kinds:
        raise Unreadable("the From field has a group, or ':' or ';' out of place")
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _kinds(part: list[Token]) -> list[str]:
    return [token.kind for token in part]


def _mailbox(part: list[Token], goes_on: bool) -> str:
    """Read a name-addr or an addr-spec."""
    kinds = _kinds(part)
    if "<" not in kinds and ">" not in kinds:
        address = _address(part)
        # rspamd loses quoted local parts there, and odd ones before comments and spaces.
        local, _, domain = address.rpartition("@")
        is_odd = goes_on and (domain.startswith("[") or not DOTTED.fullmatch(local))
        if part[0].kind == "quoted" or is_odd:
            raise Unreadable("the From field has an unusual local part outside angle brackets")
        return address
    begin = kinds.index("<") if "<" in kinds else 0
    if kinds.count("<") != 1 or kinds.count(">") != 1 or kinds[-1] != ">" or not part:
        raise Unreadable("the From field has '<' or '>' out of place")
    if any(token.spaced for token in part[begin + 1 :]):
        raise Unreadable("the From field has space or a comment inside angle brackets")
    address = _address(part[begin + 1 : -1])
    name = _text(part[:begin]).strip("'").lower()
    is_split = any(token.spaced for token in part[1:begin])
    if "@" in kinds[:begin] and (is_split or name != address.lower()):
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
        return _unquoted(text)
    kinds = _kinds(part)
    # Some providers gave out addresses with dots side by side; what the domain is stays clear.
    if kinds[:1] != ["atom"] or {*kinds} - {"atom", "."} or not text.isascii():
        raise Unreadable(f"the From field has {text!r} where a name is expected")
    return _undisguised(text)


def _undisguised(local: str) -> str:
    """Refuse an encoded-word in an address (RFC 2047 §5): some readers decode it."""
    if "=?" in local or local != local.strip():
        raise Unreadable("the From field has an encoded or blank-padded local part")
    return local


def _unquoted(text: str) -> str:
    """Return a quoted local part in its one spelling: quotes mean nothing where none are needed.

    RFC 5321 §4.1.2: `"a"@b.example` and `"\\a"@b.example` are the mailbox a@b.example.
    """
    plain = re.sub(r"\\(.)", r"\1", text[1:-1])
    if set(plain) & UNCLEAR or not plain.isascii():
        raise Unreadable("the From field has special characters in a quoted local part")
    return plain if DOTTED.fullmatch(_undisguised(plain)) else f'"{plain}"'


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
    if len(name) > MOST_NAME or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise Unreadable(f"the From field has {name!r} where a domain is expected")
    return name


def _text(part: list[Token]) -> str:
    return "".join(token.text for token in part)
