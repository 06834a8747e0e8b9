"""A signer that does what it is told, wrong things included; canonical forms are dkimpy's."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from dkim.canonicalization import CanonicalizationPolicy

NAMES = "from:to:subject:date:message-id"
Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Signer:
    """Whose key signs; `digest` makes the two hashes of rsa-sha1 and of the others."""

    domain: str
    selector: str
    key: Key
    algorithm: str = "rsa-sha256"

    def sign(
        self, message: bytes, ways: str = "relaxed/relaxed", names: str = NAMES, **tags: str
    ) -> bytes:
        """Return a message with a signature on top; `tags` are added or replace the usual ones."""
        header, body = _parts(message)
        policy = CanonicalizationPolicy.from_c_value(ways.encode())
        shown = policy.canonicalize_body(body)
        octets = shown[: int(tags["l"])] if "l" in tags else shown
        told = {
            "v": "1",
            "a": self.algorithm,
            "c": ways,
            "d": self.domain,
            "s": self.selector,
            "h": names,
            "bh": base64.b64encode(self._hash(octets).digest()).decode(),
        }
        told |= tags
        field = (
            "DKIM-Signature: " + ";\r\n\t".join(f"{k}={v}" for k, v in told.items()) + ";\r\n\tb="
        )
        signed = b"".join(
            name + b":" + value
            for name, value in policy.canonicalize_headers(_chosen(header, names))
        )
        ((name, value),) = policy.canonicalize_headers(
            [(b"DKIM-Signature", field.encode().partition(b":")[2] + b"\r\n")]
        )
        signature = self._signature(signed + (name + b":" + value).rstrip(b"\r\n"))
        return field.encode() + base64.b64encode(signature) + b"\r\n" + message

    def _hash(self, octets: bytes) -> Any:
        return hashlib.new("sha1" if self.algorithm.endswith("sha1") else "sha256", octets)

    def _signature(self, octets: bytes) -> bytes:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(self._hash(octets).digest())
        kind = hashes.SHA1() if self.algorithm.endswith("sha1") else hashes.SHA256()
        return self.key.sign(octets, padding.PKCS1v15(), kind)


def _parts(message: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return the header fields, each value with its folds and its CRLF, and the body."""
    header, _, body = message.partition(b"\r\n\r\n")
    fields: list[tuple[bytes, bytes]] = []
    for line in (header + b"\r\n").splitlines(keepends=True):
        if line[:1] in b" \t":
            name, value = fields.pop()
            fields.append((name, value + line))
        else:
            name, _, value = line.partition(b":")
            fields.append((name, value))
    return fields, body


def _chosen(fields: list[tuple[bytes, bytes]], names: str) -> list[tuple[bytes, bytes]]:
    left: Mapping[str, list[tuple[bytes, bytes]]] = {
        name: [f for f in fields if f[0].decode().lower() == name]
        for name in names.lower().split(":")
    }
    return [left[name].pop() for name in names.lower().split(":") if left[name]]
