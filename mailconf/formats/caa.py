"""CAA records (RFC 8659 §4, parameters of RFC 8657): who may issue certificates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mailconf.formats.error import FormatError
from mailconf.formats.uris import is_uri

CRITICAL = 128
LARGEST = 255
RECORD = re.compile(r"[ \t]*(\S+)[ \t]+(\S+)[ \t]+(.*)", re.DOTALL)
TAG = re.compile(r"[A-Za-z0-9]+")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
ESCAPE = re.compile(r"\\([0-9]{3}|.)", re.DOTALL)
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
# §4.2: issue-value.
DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL})*")
PARAMETER = re.compile(rf"({LABEL})[ \t]*=[ \t]*([\x21-\x3a\x3c-\x7e]*)")
METHODS = re.compile(r"[A-Za-z0-9-]+(?:,[A-Za-z0-9-]+)*")
ISSUING = ("issue", "issuewild", "issuemail")


@dataclass(frozen=True, slots=True)
class Caa:
    """One property: `value` is what stands between the quotes, unescaped."""

    flags: int
    tag: str
    value: str

    def __str__(self) -> str:
        return f'{self.flags} {self.tag} "{_escaped(self.value)}"'

    @property
    def is_critical(self) -> bool:
        """Tell whether an authority that does not know the tag must not issue."""
        return bool(self.flags & CRITICAL)

    @property
    def issuer(self) -> Issuer:
        """The authority of an issue property; raises FormatError for other values."""
        return Issuer.parse(self.value)

    @classmethod
    def parse(cls, text: str) -> Caa:
        """Read presentation form; the grammar of what issues is checked (§4.2)."""
        match = RECORD.fullmatch(text)
        if not match:
            raise FormatError("expected flags, tag and value", 0, "RFC 8659 §4.1.1")
        flags, tag, written = match[1], match[2], match[3].rstrip(" \t")
        if not re.fullmatch(r"[0-9]{1,3}", flags) or int(flags) > LARGEST:
            raise FormatError(
                f"flags {flags!r} are not a number up to {LARGEST}", match.start(1), "RFC 8659 §4.1"
            )
        if not TAG.fullmatch(tag):
            raise FormatError(
                f"tag {tag!r} is not letters and digits", match.start(2), "RFC 8659 §4.1"
            )
        value = _unquoted(written, match.start(3))
        if tag.lower() in ISSUING:
            try:
                Issuer.parse(value)
            except FormatError as fault:
                position = match.start(3) + 1 + fault.position
                raise FormatError(fault.message, position, fault.rule) from None
        return cls(int(flags), tag.lower(), value)


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority, empty for nobody, and what it must heed: accounturi, validationmethods."""

    domain: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [self.domain, *(f"{name}={value}" for name, value in self.parameters.items())]
        return "; ".join(parts) if self.domain or self.parameters else ";"

    @classmethod
    def parse(cls, text: str) -> Issuer:
        """Read an issue-value (§4.2)."""
        first, _, rest = text.partition(";")
        domain = first.strip(" \t")
        if domain and not DOMAIN.fullmatch(domain):
            raise FormatError(
                f"{domain!r} is no domain name", 0, "RFC 8659 §4.2 issuer-domain-name"
            )
        found: dict[str, str] = {}
        position = len(first) + 1
        for part in rest.split(";") if rest.strip(" \t") else []:
            match = PARAMETER.fullmatch(part.strip(" \t"))
            if not match:
                raise FormatError(
                    f"{part.strip()!r} is not tag=value", position, "RFC 8659 §4.2 parameter"
                )
            _check_parameter(match[1].lower(), match[2], found, position)
            found[match[1].lower()] = match[2]
            position += len(part) + 1
        return cls(domain.lower(), found)


def _check_parameter(name: str, value: str, before: Mapping[str, str], position: int) -> None:
    """Refuse what makes a property unsatisfiable: it would read as a permission."""
    if name == "accounturi" and (name in before or not is_uri(value)):
        raise FormatError(f"{name}={value} is not one URI", position, "RFC 8657 §3")
    if name == "validationmethods" and not METHODS.fullmatch(value):
        raise FormatError(f"{name}={value} is no list of methods", position, "RFC 8657 §4")


def _unquoted(text: str, position: int) -> str:
    """Return a character-string as it is meant (RFC 1035 §5.1)."""
    quoted = QUOTED.fullmatch(text)
    if not quoted and (not text or re.search(r'[\s"]', text)):
        raise FormatError("the value is not one string in quotes", position, "RFC 8659 §4.1.1")
    inner = quoted[1] if quoted else text
    value = ESCAPE.sub(lambda m: chr(int(m[1])) if len(m[1]) == 3 else m[1], inner)  # noqa: PLR2004
    if any(ord(sign) > LARGEST for sign in value):
        raise FormatError("the value holds more than octets", position, "RFC 1035 §5.1")
    return value


def _escaped(value: str) -> str:
    signs = (f"\\{sign}" if sign in '"\\' else sign for sign in value)
    return "".join(s if s.isprintable() and s.isascii() else f"\\{ord(s):03}" for s in signs)
