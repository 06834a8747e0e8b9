"""DKIM signatures, verified one by one (RFC 6376, RFC 8301, RFC 8463)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailconf.formats.dkim import DkimKey
from mailconf.formats.dkim_signature import DkimSignature, without_signature
from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute
from mailconf.mailauth import canonical
from mailconf.mailauth.canonical import Message
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import Inconclusive, World

Verdict = Literal["pass", "fail", "policy", "temperror", "permerror"]
FIELD = "DKIM-Signature"
ALGORITHMS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
# RFC 8301 §3.1, §3.2.
BROKEN = ("rsa-sha1",)
LEAST_BITS = 1024
MOST_SIGNATURES, MOST_KEYS = 20, 10
"""How many are tried, of a message and of a name: a verifier may set a limit (RFC 6376 §6.1, §6.1.2)."""


@dataclass(frozen=True, slots=True)
class DkimResult:
    """What became of one signature; `why` says what is wrong with it.

    `bits` is the length of the RSA key of a signature that passed. `testing` is the key's own word (t=y): a failure should
    then count no more than no signature at all.
    """

    result: Verdict
    why: str = ""
    domain: str = ""
    selector: str = ""
    algorithm: str = ""
    identity: str = ""
    bits: int = 0
    testing: bool = False


class Failure(Exception):
    """A signature does not count; `result` is the word for it, the message says why."""

    def __init__(self, result: Verdict, why: str) -> None:
        super().__init__(why)
        self.result = result


async def verify(message: bytes, world: World) -> tuple[DkimResult, ...]:
    """Return the result of every signature of a message, from the top; none when there is none.

    Lines may end with LF, as in files: what was signed had CRLF.
    """
    parts = Message.of(message)
    fields = parts.named(FIELD)[:MOST_SIGNATURES]
    return tuple([await _verify(field, parts, world) for field in fields])


async def _verify(field: bytes, message: Message, world: World) -> DkimResult:
    try:
        signature = DkimSignature.parse(field.partition(b":")[2].decode("ascii", "replace"))
    except FormatError as fault:
        return DkimResult("permerror", f"the signature is malformed: {fault}")
    who = DkimResult(
        "pass", "", signature.domain, signature.selector, signature.algorithm, signature.identity
    )
    try:
        check_terms(signature, world)
        keys = await keys_of(signature, world)
    except Failure as failure:
        return replace(who, result=failure.result, why=str(failure))
    tried = [_tried(key, who, signature, field, message) for key in keys]
    return next((found for found in tried if found.result == "pass"), tried[0])


def _tried(
    key: DkimKey, who: DkimResult, signature: DkimSignature, field: bytes, message: Message
) -> DkimResult:
    """Return what becomes of a signature with one of the keys of its name."""
    who = replace(who, testing="y" in key.flags)
    try:
        fault = unfit(key, signature)
        if fault:
            raise Failure("permerror", f"the key at {signature.key_name} {fault}")
        return replace(who, bits=check_signature(signature, key, field, message))
    except Failure as failure:
        return replace(who, result=failure.result, why=str(failure))


def check_terms(signature: DkimSignature, world: World) -> None:
    """Look at what needs no key: algorithm and dates (§6.1.1)."""
    if signature.algorithm in BROKEN:
        raise Failure("policy", f"{signature.algorithm} is obsolete (RFC 8301 §3.1)")
    if signature.algorithm not in ALGORITHMS:
        raise Failure("permerror", f"unknown algorithm a={signature.algorithm}")
    if not signature.can_be_asked_for:
        told = ":".join(signature.queries)
        raise Failure("permerror", f"q={told} is not a known query method")
    now = int(world.now.timestamp())
    if signature.expires is not None and signature.expires < now:
        raise Failure("fail", f"the signature expired {now - signature.expires} s ago (x=)")


async def keys_of(signature: DkimSignature, world: World) -> tuple[DkimKey, ...]:
    """Fetch the key, or all of them where there are several to try (§6.1.2 step 4)."""
    name = signature.key_name
    try:
        texts = (await world.ask(DnsQuery(absolute(name), "TXT"))).values
    except Inconclusive as silence:
        raise Failure("temperror", str(silence)) from None
    if not texts:
        raise Failure("permerror", f"no key at {name}")
    read = [DkimKey.parse_leniently(text) for text in texts[:MOST_KEYS]]
    keys = tuple(key for key, _ in read if key)
    if not keys:
        why = "; ".join(str(fault) for _, faults in read for fault in faults)
        raise Failure("permerror", f"the key at {name}: {why}")
    return keys


def unfit(key: DkimKey, signature: DkimSignature) -> str:
    """Say why a key is none for a signature; nothing when it is."""
    exact = signature.identity.rpartition("@")[2].lower() == signature.domain
    reasons = {
        "was revoked": key.is_revoked,
        f"is of type {key.type}, not for {signature.algorithm}": key.type
        != ALGORITHMS[signature.algorithm],
        "is not for sha256 (h=)": bool(key.hashes) and "sha256" not in key.hashes,
        "is not for mail (s=)": bool(key.services) and "email" not in key.services,
        f"is not for {signature.identity} below the domain (t=s)": "s" in key.flags and not exact,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def check_signature(signature: DkimSignature, key: DkimKey, field: bytes, message: Message) -> int:
    """Compare the body's hash, then the signature over the header; return the bits of an RSA key."""
    octets = message.signed_body(signature.body)
    if signature.length is not None:
        if signature.length > len(octets):
            raise Failure("permerror", f"l={signature.length} exceeds the length of the body")
        octets = octets[: signature.length]
    if hashlib.sha256(octets).digest() != signature.body_hash:
        raise Failure("fail", "the body hash does not match bh=; the body was modified")
    fields = canonical.signed_fields(message, signature.fields, field)
    signed = b"".join(canonical.header(one, signature.header) for one in fields)
    own = canonical.header(without_signature(field), signature.header)
    return check_key(key, signature.signature, signed + own.removesuffix(b"\r\n"))


def check_key(key: DkimKey, signature: bytes, signed: bytes) -> int:
    """Check a signature over some octets; return the bits of an RSA key, raise Failure."""
    try:
        if key.type == "ed25519":
            # RFC 8463 §3: what is signed is the hash.
            public = ed25519.Ed25519PublicKey.from_public_bytes(key.key)
            public.verify(signature, hashlib.sha256(signed).digest())
            return 0
        loaded = _rsa(key)
        if loaded.key_size < LEAST_BITS:
            raise Failure("policy", f"a key of {loaded.key_size} bits is too short (RFC 8301 §3.2)")
        loaded.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise Failure(
            "fail", "the signature is invalid: a signed header field or the key was changed"
        ) from None
    return loaded.key_size


def _rsa(key: DkimKey) -> rsa.RSAPublicKey:
    try:
        loaded = load_der_public_key(key.key)
    except ValueError:
        loaded = None
    if not isinstance(loaded, rsa.RSAPublicKey):
        start = base64.b64encode(key.key[:12]).decode()
        raise Failure("permerror", f"p={start}… holds no RSA key")
    return loaded
