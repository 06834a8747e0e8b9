"""What stands behind a reference: one line, or a private key; anything else is refused unseen."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from mailconf.formats import quoting

SEED_OCTETS = (32, 64)
"""An Ed25519 seed, or the seed and the public key behind it (libsodium)."""
PEM = re.compile(
    r"-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----\r?\n"
    r"((?:[A-Za-z0-9+/=]+\r?\n)+)"
    r"-----END \1-----\r?\n?"
)
# Line ends that are no control characters: programs that split lines split here, too.
BREAKS = ("Cc", "Zl", "Zp", "Cs")
# As in a spec (CFG064), what turns the direction of writing (CVE-2021-42574), and a byte order mark.
ODD = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


# In which syntax a value of one line stands, beside `line` and `key`.
CONNECT = {"dovecot-pgsql": "of PostgreSQL", "dovecot-mysql": "of MySQL"}
WORD = re.compile(r"[A-Za-z0-9_.@/+-]+")
URL = re.compile(r"[A-Za-z0-9._~:/?@!&()*+,;=%\[\]-]+")
LONGEST_SECRET = 1000
"""PostSRSd 1 reads lines of 1023 octets."""


def is_private_url(text: str) -> bool:
    """Tell whether a URL of plain characters is https, or leads to this host alone."""
    if not URL.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)))


def _is_here(host: str | None) -> bool:
    """Tell whether a name or an address is the loopback interface's (RFC 6761 §6.3, RFC 6890)."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


REFUSED: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("sasl-password", lambda v: v != v.rstrip(), "ends in a blank, which a Postfix table drops"),
    ("passwd-field", lambda v: ":" in v, "has a colon, which ends a field of a passwd-file"),
    (
        "srs-secret",
        lambda v: v != v.strip(),
        "begins or ends in a blank, which releases of PostSRSd read differently",
    ),
    (
        "srs-secret",
        lambda v: len(v) > LONGEST_SECRET,
        f"has more than {LONGEST_SECRET} characters, which PostSRSd cuts",
    ),
    (
        "url",
        lambda v: not is_private_url(v),
        "is no URL that keeps it secret; expected https://USER:PASSWORD@HOST/PATH without a fragment",
    ),
)
"""What a syntax without quotes cannot hold."""


class SecretValueError(ValueError):
    """The value is not what its place needs; the message is a predicate and holds nothing of it."""


def one_line(octets: bytes) -> str:
    """Return a line of text, a final line end taken off."""
    text = _text(octets).removesuffix("\n")
    if not text.strip():
        raise SecretValueError("is empty; expected one line")
    if "\n" in text:
        count = len(text.split("\n"))
        raise SecretValueError(f"has {count} lines; expected one line")
    odd = next((c for c in text if unicodedata.category(c) in BREAKS or c in ODD), "")
    if odd:
        raise SecretValueError(
            f"has the control character U+{ord(odd):04X}; expected one line of text"
        )
    return text


def private_key(octets: bytes) -> str:
    """Return a private key: PEM as it is, or the base64 of an Ed25519 seed."""
    text = _text(octets)
    if not text.strip():
        raise SecretValueError("is empty; expected a private key in PEM")
    if "ENCRYPTED" in text.partition("\n\n")[0]:
        raise SecretValueError("is an encrypted private key; expected one without a passphrase")
    pem = PEM.fullmatch(text)
    body = pem[2] if pem else text.removesuffix("\n")
    if not _is_key(body, is_pem=bool(pem)):
        raise SecretValueError("is no private key; expected PEM, or an Ed25519 seed in base64")
    return text.rstrip("\r\n")


def spelled(form: str, value: str) -> str:
    """Return a line as a file spells it, so that the daemon reads exactly that value.

    `dovecot` is dovecot.conf of 2.4, `dovecot-ext` a value of a dovecot-*.conf.ext of 2.3, and
    `dovecot-pgsql` and `dovecot-mysql` are a password inside its quoted `connect`. Raises
    SecretValueError for what has no spelling there.
    """
    if form == "dovecot":
        return quoting.dovecot_literal(value)
    if form == "dovecot-ext":
        return quoting.dovecot_ext_value(value)
    if form in CONNECT:
        return _in_connect(form, value)
    for where, is_wrong, why in REFUSED:
        if form == where and is_wrong(value):
            raise SecretValueError(why)
    return value


def _in_connect(form: str, value: str) -> str:
    """Spell a password inside the quoted `connect` of Dovecot 2.3, which is split at spaces.

    They are put back between the parts for PostgreSQL, one between two; libpq has quotes of its own.
    """
    if "  " in value or (form == "dovecot-mysql" and " " in value):
        how = "two spaces in a row" if "  " in value else "a space"
        raise SecretValueError(
            f"has {how}, which a connection {CONNECT[form]} in Dovecot 2.3 cannot hold"
        )
    if form == "dovecot-pgsql" and not WORD.fullmatch(value):
        value = "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _is_key(body: str, *, is_pem: bool) -> bool:
    try:
        octets = base64.b64decode("".join(body.split()) if is_pem else body, validate=True)
    except (binascii.Error, ValueError):
        return False
    return is_pem or len(octets) in SEED_OCTETS


def _text(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretValueError("is not UTF-8 text") from None
