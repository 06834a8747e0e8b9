"""ARC chains, with dkimpy as the sealer and as the other judge."""

import re

import dkim
import pytest

from mailconf.mailauth.arc import validate
from mailconf.mailauth.dkim import verify
from mailconf.testing import FakeWorld
from tests.mailauth.signing import (
    DOMAIN,
    MESSAGE,
    NAME,
    SELECTOR,
    private_pem,
    rsa_key,
    signed,
    world,
)

HOST = "mx.example.org"
RESULTS = f"Authentication-Results: {HOST}; spf=pass smtp.mailfrom=a@example.org; dkim=pass\r\n"
OLD = re.compile(rb"^Authentication-Results:.*\r\n", re.MULTILINE)
CRLF = re.compile(rb"(?<!\r)\n")


def sealed(message: bytes, times: int = 1, sets_before: int = 0) -> bytes:
    """Return a message with so many sets more, each over what was there before."""
    for number in range(sets_before, sets_before + times):
        results = RESULTS.replace("spf=pass", "arc=pass; spf=pass") if number else RESULTS
        # The sealer looks for one field of its host, so the one of the last time goes.
        message = results.encode() + OLD.sub(b"", CRLF.sub(b"\r\n", message))
        fields = dkim.arc_sign(
            message, SELECTOR.encode(), DOMAIN.encode(), private_pem(), HOST.encode(),
            include_headers=[b"from", b"to", b"subject"],
        )  # fmt: skip
        message = b"".join(fields) + message
    return message


def oracle(message: bytes) -> str:
    def txt(name: bytes, timeout: int = 5) -> bytes:
        return str(rsa_key()).encode() if name.decode().rstrip(".") == NAME.rstrip(".") else b""

    verdict, _, _ = dkim.arc_verify(message, dnsfunc=txt)
    return verdict.decode() if verdict else "fail"


KEYS = world(str(rsa_key()))


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_a_chain_that_holds(times: int) -> None:
    message = sealed(signed(), times)
    found = await validate(message, KEYS)
    assert (found.result, found.why) == ("pass", "")
    assert found.sealers == (DOMAIN,) * times
    assert found.results
    assert found.results.results.authserv_id == HOST
    assert oracle(message) == "pass"


async def test_a_message_without_a_chain() -> None:
    assert (await validate(MESSAGE, FakeWorld())).result == "none"


CHANGES = [
    pytest.param(
        b"Hello",
        b"Hallo",
        "message signature 2 of example.org: the body hash does not match bh=",
        id="the body",
    ),
    pytest.param(b"Subject: a", b"Subject: [list] a", "message signature 2", id="a signed field"),
    pytest.param(b"i=1; mx.example.org", b"i=1; evil.example", "seal 2", id="old results"),
    pytest.param(b"cv=pass", b"cv=none", "has cv=none; expected pass", id="the claim"),
    pytest.param(
        b"i=2; ",
        b"i=3; ",
        "has the instances [1, 3]; expected [1, 2, 3]",
        id="a set that is missing",
    ),
    pytest.param(b"i=2; ", b"i=1; ", "is there twice for i=1", id="a set twice"),
    pytest.param(b"cv=pass", b"cv=fail", "has cv=fail", id="it was broken before"),
]


@pytest.mark.parametrize(("old", "new", "why"), CHANGES)
async def test_what_breaks_a_chain(old: bytes, new: bytes, why: str) -> None:
    message = sealed(signed(), 2)
    assert old in message
    changed = message.replace(old, new)
    found = await validate(changed, KEYS)
    assert (found.result, why in found.why) == ("fail", True), found
    assert oracle(changed) == "fail"


async def test_what_was_changed_before_the_last_seal_is_fine() -> None:
    """A list adds its footer and seals: the older message signature need not hold any more."""
    listed = sealed(sealed(signed()) + b"--\r\nthe list\r\n", sets_before=1)
    assert (await validate(listed, KEYS)).result == oracle(listed) == "pass"
    (signature,) = await verify(listed, KEYS)
    assert signature.result == "fail"


async def test_no_key_is_a_failure_and_silence_is_none() -> None:
    message = sealed(signed())
    assert (await validate(message, FakeWorld())).result == "fail"
    silent = FakeWorld(silent=frozenset({NAME if NAME.endswith(".") else f"{NAME}."}))
    assert (await validate(message, silent)).result == "temperror"
