"""Authentication-Results header fields (RFC 8601 §2.2): which method came to which result, and on what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailconf.formats.error import FormatError

RULE = "RFC 8601 §2.2"
KEYWORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?|[A-Za-z0-9]")
TOKEN = re.compile(r"[^\x00-\x20\x7f-\U0010ffff()<>@,;:\\\"/\[\]?=]+")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
# [ [ local-part ] "@" ] domain-name; addresses of SMTP and whatever else writers put there unquoted.
PLAIN = re.compile(r"[^\s;()\"]+")
SPACE = re.compile(r"[ \t\r\n]+")
DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Property:
    """What a result is about, such as header.d=example.org."""

    type: str
    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.type}.{self.name}={_written(self.value)}"


@dataclass(frozen=True, slots=True)
class MethodResult:
    """The result of one method; method, result and names of properties are in small letters."""

    method: str
    result: str
    reason: str = ""
    properties: tuple[Property, ...] = ()

    def __str__(self) -> str:
        reason = f" reason={_quoted(self.reason)}" if self.reason else ""
        return f"{self.method}={self.result}{reason}" + "".join(f" {p}" for p in self.properties)

    def property(self, type_: str, name: str) -> str:
        """Return the value of a property, or an empty text."""
        found = (p.value for p in self.properties if (p.type, p.name) == (type_, name))
        return next(found, "")


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One header field: who says it, and the results in order; none where nothing was tried."""

    authserv_id: str
    results: tuple[MethodResult, ...] = ()

    def __str__(self) -> str:
        said = "; ".join(map(str, self.results)) or "none"
        return f"{_written(self.authserv_id)}; {said}"

    @classmethod
    def parse(cls, text: str) -> AuthenticationResults:
        """Read a header value, folded or not; raises FormatError."""
        value, faults = cls.parse_leniently(text)
        if faults:
            raise faults[0]
        return value

    @classmethod
    def parse_leniently(cls, text: str) -> tuple[AuthenticationResults, tuple[FormatError, ...]]:
        """Return what can be read, result by result, and what is wrong with the rest."""
        scanner, faults = _Scanner(text), list[FormatError]()
        authserv_id, found = "", list[MethodResult]()
        try:
            authserv_id = scanner.value()
            scanner.version()
            scanner.end_of_part()
        except FormatError as fault:
            faults.append(fault)
            scanner.skip_part()
        while True:
            try:
                if scanner.is_at_end:
                    break
                result = scanner.result(is_first=not found and not faults)
            except FormatError as fault:
                faults.append(fault)
                scanner.skip_part()
                continue
            if result is None:
                break
            found.append(result)
        if not found and not faults and not scanner.said_none:
            faults.append(scanner.fault("neither a result nor none"))
        return cls(authserv_id.lower(), tuple(found)), tuple(faults)


class _Scanner:
    """Reads a header value from left to right; comments and folding count as space (CFWS)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._is_open = False
        self.said_none = False

    @property
    def is_at_end(self) -> bool:
        self._space()
        return self._at >= len(self._text)

    def fault(self, message: str) -> FormatError:
        return FormatError(message, self._at, RULE)

    def result(self, is_first: bool) -> MethodResult | None:
        """Read methodspec, reasonspec and properties; None for `none`, which stands alone."""
        method = self._keyword("a method").lower()
        if method == "none" and is_first and self.is_at_end:
            self.said_none = True
            return None
        if self._take("/"):
            self._match(DIGITS, "the version of a method")
        self._want("=")
        result = self._keyword("a result").lower()
        reason, properties = "", list[Property]()
        while not (self.is_at_end or self._take(";")):
            kind = self._keyword("a reason or a property").lower()
            if kind == "reason" and not reason and not properties and self._take("="):
                reason = self.value()
                continue
            self._want(".")
            name = self._keyword("the name of a property").lower()
            self._want("=")
            properties.append(Property(kind, name, self._pvalue()))
        return MethodResult(method, result, reason, tuple(properties))

    def value(self) -> str:
        """Read a token or a quoted string (RFC 2045 §5.1)."""
        self._space()
        return self._quoted() if self._peek() == '"' else self._match(TOKEN, "a value")

    def version(self) -> None:
        """Skip the version of the header field, if one is named."""
        self._space()
        match = DIGITS.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def end_of_part(self) -> None:
        if not self._take(";"):
            raise self.fault("a semicolon is missing")

    def skip_part(self) -> None:
        """Go behind the next semicolon that is in no comment and no quotes."""
        while self._at < len(self._text):
            try:
                if self._take(";"):
                    return
            except FormatError:
                return
            self._at = self._behind_quotes()

    def _behind_quotes(self) -> int:
        """Return where a quoted string ends, or the next sign."""
        if self._peek() == '"' and not self._is_open:
            quoted = QUOTED.match(self._text, self._at)
            # What does not end from here ends from no later quote either: all those are escaped.
            self._is_open = not quoted
            return quoted.end() if quoted else self._at + 1
        return self._at + 1

    def _pvalue(self) -> str:
        self._space()
        if self._peek() != '"':
            return self._match(PLAIN, "the value of a property")
        value = self._quoted()
        rest = PLAIN.match(self._text, self._at)
        if rest and rest[0].startswith("@"):
            self._at = rest.end()
            return f'"{value}"{rest[0]}'
        return value

    def _quoted(self) -> str:
        text = self._match(QUOTED, "a closing quote")[1:-1]
        return re.sub(r"\\(.)", r"\1", re.sub(r"\r\n(?=[ \t])", "", text), flags=re.DOTALL)

    def _keyword(self, what: str) -> str:
        self._space()
        return self._match(KEYWORD, what)

    def _match(self, pattern: re.Pattern[str], what: str) -> str:
        self._space()
        match = pattern.match(self._text, self._at)
        if not match:
            found = repr(self._text[self._at : self._at + 10]) if self._peek() else "the end"
            raise self.fault(f"expected {what}, found {found}")
        self._at = match.end()
        return match[0]

    def _want(self, sign: str) -> None:
        if not self._take(sign):
            raise self.fault(f"expected {sign!r}")

    def _take(self, sign: str) -> bool:
        self._space()
        if self._peek() != sign:
            return False
        self._at += 1
        return True

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _space(self) -> None:
        """Skip white space and comments, which may stand in each other (RFC 5322 §3.2.2)."""
        while True:
            match = SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._peek() != "(":
                return
            self._comment()

    def _comment(self) -> None:
        depth, start = 0, self._at
        while self._at < len(self._text):
            sign = self._peek()
            self._at += 2 if sign == "\\" else 1
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if not depth:
                return
        self._at = len(self._text)
        raise FormatError("a comment does not end", start, "RFC 5322 §3.2.2")


def _written(value: str) -> str:
    plain = PLAIN.fullmatch(value) and (TOKEN.fullmatch(value) or "@" in value)
    return value if plain and value.isascii() else _quoted(value)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
