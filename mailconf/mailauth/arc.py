"""ARC chains (RFC 8617 §5.2): does everybody who changed a message say so, and is it still his word?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from mailconf.formats.arc import (
    MOST_SETS,
    ArcAuthenticationResults,
    ArcMessageSignature,
    ArcSeal,
)
from mailconf.formats.dkim import DkimKey
from mailconf.formats.dkim_signature import DkimSignature, without_signature
from mailconf.formats.error import FormatError
from mailconf.mailauth import canonical
from mailconf.mailauth.canonical import Message
from mailconf.mailauth.dkim import Failure, check_key, check_signature, check_terms, keys_of, unfit
from mailconf.model.world import World

Verdict = Literal["none", "pass", "fail", "temperror"]
PartT = TypeVar("PartT", ArcAuthenticationResults, ArcMessageSignature, ArcSeal)
RESULTS, SIGNATURE, SEAL = (
    "ARC-Authentication-Results",
    "ARC-Message-Signature",
    "ARC-Seal",
)


@dataclass(frozen=True, slots=True)
class ArcResult:
    """What became of the chain; `why` says what is wrong with it.

    `sealers` are the domains that sealed, the first first; `results` what the first of them found.
    """

    result: Verdict
    why: str = ""
    sealers: tuple[str, ...] = ()
    results: ArcAuthenticationResults | None = None


@dataclass(frozen=True, slots=True)
class ArcSet:
    """The three fields of one handler, read and as they stand in the message."""

    results: ArcAuthenticationResults
    signature: ArcMessageSignature
    seal: ArcSeal
    fields: tuple[bytes, bytes, bytes] = field(repr=False)


async def validate(octets: bytes, world: World) -> ArcResult:
    """Validate the chain of a message; none when nobody sealed it."""
    message = Message.of(octets)
    if not any(message.named(name) for name in (RESULTS, SIGNATURE, SEAL)):
        return ArcResult("none")
    try:
        sets = _sets(message)
    except FormatError as fault:
        return ArcResult("fail", str(fault))
    who = tuple(one.seal.signature.domain for one in sets)
    try:
        _check_claims(sets)
        await _check_message(sets[-1], message, world)
        for number in range(len(sets), 0, -1):
            await _check_seal(sets[:number], world)
    except Failure as failure:
        result: Verdict = "temperror" if failure.result == "temperror" else "fail"
        return ArcResult(result, str(failure), who, sets[0].results)
    return ArcResult("pass", "", who, sets[0].results)


def _sets(message: Message) -> list[ArcSet]:
    """Return the sets in order; raises FormatError where one is not whole (§5.2 step 3)."""
    results = _read(message, RESULTS, ArcAuthenticationResults.parse)
    signatures = _read(message, SIGNATURE, ArcMessageSignature.parse)
    seals = _read(message, SEAL, ArcSeal.parse)
    last = max([*results, *signatures, *seals])
    wanted = list(range(1, last + 1))
    for name, found in ((RESULTS, results), (SIGNATURE, signatures), (SEAL, seals)):
        if sorted(found) != wanted:
            raise FormatError(
                f"{name} has the instances {sorted(found)}; expected {wanted}", 0, "RFC 8617 §5.2"
            )
    return [
        ArcSet(
            results[n][0],
            signatures[n][0],
            seals[n][0],
            (results[n][1], signatures[n][1], seals[n][1]),
        )
        for n in wanted
    ]


def _read(
    message: Message, name: str, parse: Callable[[str], PartT]
) -> dict[int, tuple[PartT, bytes]]:
    fields = message.named(name)
    if len(fields) > MOST_SETS:
        raise FormatError(f"{name} is there {len(fields)} times", 0, "RFC 8617 §4.2.1")
    read = [(parse(one.partition(b":")[2].decode("utf-8", "replace")), one) for one in fields]
    counted = Counter(part.instance for part, _ in read)
    twice = [number for number, count in counted.items() if count > 1]
    if twice:
        raise FormatError(f"{name} is there twice for i={twice[0]}", 0, "RFC 8617 §5.2")
    return {part.instance: (part, one) for part, one in read}


def _check_claims(sets: Iterable[ArcSet]) -> None:
    """See that nobody says the chain was broken before, or that there was none (§5.2 steps 2, 3)."""
    for one in sets:
        wanted = "none" if one.seal.instance == 1 else "pass"
        if one.seal.cv != wanted:
            who, cv = one.seal.signature.domain, one.seal.cv
            raise Failure(
                "fail", f"the seal {one.seal.instance} of {who} has cv={cv}; expected {wanted}"
            )


async def _check_message(last: ArcSet, message: Message, world: World) -> None:
    """Check the last handler's signature: older ones need not hold, since it may change what it likes."""
    signature = last.signature.signature
    name = f"the message signature {last.signature.instance} of {signature.domain}"

    await _with_some_key(
        signature, world, lambda key: check_signature(signature, key, last.fields[1], message), name
    )


async def _check_seal(sets: list[ArcSet], world: World) -> None:
    """Check a seal over all sets up to its own (§5.1.1)."""
    seal = sets[-1].seal
    fields = [one for each in sets for one in each.fields][:-1]
    own = canonical.header(without_signature(sets[-1].fields[2]), "relaxed").removesuffix(b"\r\n")
    signed = b"".join(canonical.header(one, "relaxed") for one in fields) + own
    name = f"the seal {seal.instance} of {seal.signature.domain}"

    await _with_some_key(
        seal.signature, world, lambda key: check_key(key, seal.signature.signature, signed), name
    )


async def _with_some_key(
    signature: DkimSignature, world: World, check: Callable[[DkimKey], object], name: str
) -> None:
    """Try each key that is published; raises the first Failure when none fits."""
    failures = []
    try:
        check_terms(signature, world)
        keys = await keys_of(signature, world)
    except Failure as failure:
        raise Failure(failure.result, f"{name}: {failure}") from None
    for key in keys:
        try:
            fault = unfit(key, signature)
            if fault:
                raise Failure("permerror", f"the key at {signature.key_name} {fault}")
            check(key)
        except Failure as failure:
            failures.append(failure)
        else:
            return
    raise Failure(failures[0].result, f"{name}: {failures[0]}")
