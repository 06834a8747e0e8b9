"""Making DKIM keys: the private half beside the spec under keys/, the public half into the key file."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path as File
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mailconf.disk.folder import Folder
from mailconf.engine.load import key_file
from mailconf.engine.yaml_reader import read_below
from mailconf.formats.dkim import KeyType

KEYS = "keys"
"""The folder of the private halves, beside the spec."""
RSA_BITS = 2048
EXPONENT = 65537
HEADER = (
    "# Public halves of the keys, written by `mailconf keys`. Commit this file;\n"
    "# the private halves lie under keys/ and stay out of git.\n"
)


class KeyExistsError(Exception):
    """The selector is taken; a key is never overwritten."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """What was made, and where it lies."""

    domain: str
    selector: str
    state: str
    private: File
    public: File


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Both halves of a key, as text: `private` as signers read it, `public_key` as p= has it."""

    private: str
    public_key: str


def key_pair(kind: KeyType = "rsa") -> KeyPair:
    """Make a key of a type."""
    return _ed25519() if kind == "ed25519" else _rsa()


def _ed25519() -> KeyPair:
    """Make an Ed25519 key (RFC 8463 §4.2): rspamd reads the base64 of its seed, not PEM."""
    key = Ed25519PrivateKey.generate()
    seed, public = key.private_bytes_raw(), key.public_key().public_bytes_raw()
    return KeyPair(base64.b64encode(seed).decode() + "\n", base64.b64encode(public).decode())


def _rsa() -> KeyPair:
    """Make an RSA key of 2048 bits (RFC 8301 §3.2): PEM (PKCS #8) and SubjectPublicKeyInfo."""
    key: RSAPrivateKey = generate_private_key(EXPONENT, RSA_BITS)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(pem.decode("ascii"), base64.b64encode(der).decode("ascii"))


def add_key(
    spec: File,
    domain: str,
    selector: str,
    now: datetime,
    *,
    kind: KeyType = "rsa",
    declared: str = "",
    signs: bool = False,
    state: str = "",
) -> NewKey:
    """Make a key for `domain`; it signs at once unless another key of its type `signs` already.

    `state` is another one to begin with, `declared` that of a selector that the spec names already: its key is all that is added.
    Raises KeyExistsError, and SpecFileError for an unreadable key file. Private half first:
    a public half without it would announce a key that nobody has.
    """
    public = key_file(spec)
    folder = Folder(spec.parent)
    is_there = public.name in folder.names()
    data: dict[str, Any] = read_below(folder, public.name)[0] if is_there else {}
    body = data.setdefault("domains", {}).setdefault(domain, {}).setdefault("dkim", {})
    selectors: dict[str, Any] = body.setdefault("selectors", {})
    name = selector or _free_selector(selectors, now.date())
    if name in selectors:
        raise KeyExistsError(f"{domain} has a selector {name} already")
    private = spec.parent / KEYS / f"{domain}.{name}.{'pem' if kind == 'rsa' else 'seed'}"
    pair = key_pair(kind)
    _write_private(folder, f"{KEYS}/{private.name}", pair.private)
    halves = {"public_key": pair.public_key, "private_key": f"ref+file://{KEYS}/{private.name}"}
    begun = declared or state or ("published" if signs else "active")
    selectors[name] = halves if declared else _described(begun, kind, now) | halves
    try:
        write_key_file(public, key_text(data))
    except BaseException:
        folder.remove(f"{KEYS}/{private.name}")  # nobody has its public half
        raise
    return NewKey(domain, name, begun, private, public)


def _described(state: str, kind: KeyType, now: datetime) -> dict[str, str]:
    told = {"state": state, "created": now.date().isoformat(), "since": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    return told | ({"type": kind} if kind != "rsa" else {})


def _free_selector(selectors: dict[str, Any], today: date) -> str:
    """Return the month's selector, s202611a, s202611b and so on."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = (f"s{today:%Y%m}{letter}" for letter in letters)
    free = next((name for name in names if name not in selectors), "")
    if not free:
        raise KeyExistsError(
            "all 26 selectors of this month are in use; choose one with --selector"
        )
    return free


def _write_private(folder: Folder, path: str, pem: str) -> None:
    folder.make_below(KEYS, 0o700)
    with suppress(FileExistsError):
        folder.write(f"{KEYS}/.gitignore", b"*\n", 0o644)
    if path.rpartition("/")[2] in folder.names(KEYS):
        raise KeyExistsError(f"{folder.root / path} exists already")
    folder.put(path, pem.encode("ascii"), 0o600)


def key_text(data: dict[str, Any]) -> str:
    """Return the text of a key file."""
    return HEADER + yaml.safe_dump(data, sort_keys=True, default_flow_style=False, width=10_000)


def write_key_file(file: File, text: str) -> None:
    """Put a key file in place at once, or not at all."""
    with Folder(file.parent) as folder:
        folder.put(file.name, text.encode(), 0o644)
