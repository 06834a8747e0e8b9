"""Writing a value into each target syntax, or saying that it cannot be written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

ODD_OCTET = re.compile(rb'[^\x20-\x7e]|["\\]')
"""What a quoted string of a master file escapes (RFC 1035 §5.1)."""
NO_KEY, NO_ADDRESS = (re.compile(rf'[\s\x00-\x1f\x7f"{sign}\\]') for sign in "#,")
"""What no key and no address of a table may hold: they are asked for every row."""
MAX_STRING = 255


class UnrepresentableError(ValueError):
    """The value has no spelling in the target syntax.

    `value` is empty where it is not known; it is never a secret, since secrets are references here.
    """

    def __init__(self, message: str, value: str = "") -> None:
        super().__init__(message)
        self.value = value


def postfix_value(value: object) -> str:
    """Write a main.cf value (postconf(5): logical lines, `$` expands, `#` is no comment here).

    A literal dollar is doubled; line ends and leading white space have no spelling.
    """
    text = str(value)
    if re.search(r"[\x00-\x1f\x7f]", text) or text != text.strip():
        raise UnrepresentableError(f"{text!r} cannot stand in main.cf")
    return text.replace("$", "$$")


def postfix_key(value: object) -> str:
    """Write a lookup key of a texthash table: one word, lower case (postmap(1))."""
    text = str(value)
    if not text or NO_KEY.search(text):
        raise UnrepresentableError(f"{text!r} cannot be a lookup key")
    return text.lower()


def postfix_address(value: object) -> str:
    """Write an address as a value of a texthash table, in its own case (virtual(5))."""
    text = str(value)
    if not text or NO_ADDRESS.search(text):
        raise UnrepresentableError(f"{text!r} cannot be an address in a table")
    return text


def postfix_addresses(values: Iterable[object]) -> str:
    """Write the addresses of one row."""
    return ", ".join(map(postfix_address, values))


def postfix_result(value: object) -> str:
    """Write the right-hand side of a table that is no list of addresses: one line of text."""
    text = str(value)
    if not text or re.search(r"[\x00-\x1f\x7f]", text) or text != text.strip():
        raise UnrepresentableError(f"{text!r} cannot be the result of a lookup")
    return text


def postfix_substitution(value: object) -> str:
    """Write one word of the result of a regexp table, where `$` stands for a group (regexp_table(5))."""
    text = postfix_result(value)
    if re.search(r"[\s,]", text):
        raise UnrepresentableError(f"{text!r} is more than one word in the result of a lookup")
    return text.replace("$", "$$")


def dovecot_value(value: object) -> str:
    """Write a dovecot.conf value, in quotes where the parser would cut it (2.3 and 2.4)."""
    text = str(value)
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise UnrepresentableError(f"{text!r} cannot stand in dovecot.conf")
    if re.fullmatch(r"[A-Za-z0-9_./:@,=+*-]+", text):
        return text
    return dovecot_quoted(text)


def dovecot_literal(value: object) -> str:
    """Write a dovecot.conf value of 2.4 that is no pattern: `%{` is expanded unless its sign is doubled."""
    return dovecot_value(str(value).replace("%{", "%%{"))


def dovecot_ext_value(value: object) -> str:
    """Write a value of a dovecot-*.conf.ext of 2.3, in quotes where its parser would change it.

    It cuts at `#` outside quotes, drops outer blanks and quotes, and expands `$NAME` outside quotes.
    """
    text = str(value)
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise UnrepresentableError(f"{text!r} cannot stand in a Dovecot file")
    is_changed = re.search(r"[#\\$<]|^[\s'\"]|\s$|^$", text)
    return dovecot_quoted(text) if is_changed else text


def dovecot_quoted(text: str) -> str:
    """Put a text in quotes as both dialects of Dovecot read them."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def passwd_field(value: object) -> str:
    """Write a field of a Dovecot passwd-file: no colon, no line end."""
    text = str(value)
    if re.search(r"[:\x00-\x1f\x7f]", text):
        raise UnrepresentableError(f"{text!r} cannot be a passwd-file field")
    return text


def nginx_value(value: object) -> str:
    """Write an nginx parameter, quoted; variables have no escape, so `$` is refused."""
    text = str(value)
    if re.search(r"[$\x00-\x1f\x7f]", text):
        raise UnrepresentableError(f"{text!r} cannot stand in nginx.conf")
    if re.fullmatch(r"[A-Za-z0-9_./:=-]+", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def character_strings(text: str) -> tuple[bytes, ...]:
    """Cut a logical TXT value into character-strings of at most 255 octets (RFC 1035 §3.3.14)."""
    data = text.encode("utf-8")
    return tuple(data[i : i + MAX_STRING] for i in range(0, len(data), MAX_STRING)) or (b"",)


def zone_strings(text: str) -> str:
    """Write a logical TXT value as quoted master-file strings (RFC 1035 §5.1)."""
    return " ".join(f'"{_zone_escape(part)}"' for part in character_strings(text))


def _zone_escape(part: bytes) -> str:
    return ODD_OCTET.sub(_spelled, part).decode("ascii")


def _spelled(odd: re.Match[bytes]) -> bytes:
    octet = odd[0]
    return b"\\" + octet if octet in (b'"', b"\\") else b"\\%03d" % octet[0]


def json_string(value: object) -> str:
    """Write a string of JSON, which is one of YAML and of JavaScript too (RFC 8259 §7)."""
    return json.dumps(str(value))


def octodns_text(value: object) -> str:
    """Write a TXT value for octoDNS, whose files escape every semicolon, as a JSON string."""
    return json_string(str(value).replace(";", "\\;"))


def table_cell(value: object) -> str:
    """Write a cell of a Markdown table as code; a bar has no other spelling than an escape."""
    text = str(value)
    if re.search(r"[\x00-\x1f\x7f`]", text):
        raise UnrepresentableError(f"{text!r} cannot stand in a table")
    return "`" + text.replace("|", "\\|") + "`" if text else ""
