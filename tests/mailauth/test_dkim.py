"""DKIM verification, with dkimpy as the signer and as the other judge."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailconf.formats.dkim import DkimKey
from mailconf.mailauth.dkim import verify
from mailconf.testing import FakeWorld
from tests.mailauth.signing import (
    MESSAGE,
    NAME,
    SHORT,
    ed25519_key,
    oracle,
    rsa_key,
    signed,
    world,
)

WAYS = [b"simple/simple", b"simple/relaxed", b"relaxed/simple", b"relaxed/relaxed"]
ALGORITHMS = {b"rsa-sha256": rsa_key(), b"ed25519-sha256": ed25519_key()}


async def judged(message: bytes, *keys: DkimKey | str) -> tuple[str, str]:
    (found,) = await verify(message, world(*map(str, keys)))
    return found.result, found.why


@pytest.mark.parametrize("ways", WAYS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_what_was_not_changed_passes(ways: bytes, algorithm: bytes) -> None:
    key = ALGORITHMS[algorithm]
    message = signed(ways=ways, algorithm=algorithm)
    assert oracle(message, key)
    (found,) = await verify(message, world(str(key)))
    assert (found.result, found.domain, found.selector) == ("pass", "example.org", "lab")
    assert (found.algorithm, found.bits) == (algorithm.decode(), 2048 if key.type == "rsa" else 0)


BROKEN_BODY, BROKEN_HEADER = "the body hash does not match bh=", "the signature is invalid"


@pytest.mark.parametrize("ways", WAYS)
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param(b"Hello", b"Hallo", BROKEN_BODY, id="a word of the body"),
        pytest.param(b"blanks\n\n", b"blanks\n\n--\nlist\n", BROKEN_BODY, id="a footer"),
        pytest.param(b"Subject: a", b"Subject: [list] a", BROKEN_HEADER, id="a subject"),
        pytest.param(b"From: Alice", b"From: Mallory", BROKEN_HEADER, id="the author"),
        pytest.param(
            b"To: peer", b"From: mallory@example.com\nTo: peer", BROKEN_HEADER, id="a second author"
        ),
        pytest.param(b"Message-ID", b"X-Other", "", id="a field that is not signed"),
        pytest.param(b"blanks\n\n", b"blanks\n\n\n\n", "", id="empty lines at the end"),
    ],
)
async def test_changes(ways: bytes, old: bytes, new: bytes, why: str) -> None:
    message = signed(ways=ways)
    head, body = message.split(b"bh=", 1)
    changed = head + b"bh=" + body.replace(old, new, 1)
    assert changed != message
    result, told = await judged(changed, rsa_key())
    assert oracle(changed, rsa_key()) == (not why) == (result == "pass")
    assert told.startswith(why)


@pytest.mark.parametrize("ways", WAYS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"Hello,  world \t\n", b"Hello, world\n", id="blanks of the body"),
        pytest.param(b"a  long\n subject", b"a long subject", id="folding"),
        pytest.param(b"To: peer", b"TO:   peer", id="case and blanks of a name"),
    ],
)
async def test_only_relaxed_signatures_bear_other_blanks(
    ways: bytes, old: bytes, new: bytes
) -> None:
    changed = signed(ways=ways).replace(old, new, 1)
    assert ((await judged(changed, rsa_key()))[0] == "pass") == oracle(changed, rsa_key())


@pytest.mark.parametrize(
    ("keys", "result", "why"),
    [
        pytest.param([], "permerror", "no key at lab._domainkey.example.org", id="no key"),
        pytest.param([rsa_key(), ed25519_key()], "pass", "", id="two, one fits"),
        pytest.param([ed25519_key(), rsa_key()], "pass", "", id="two, the other way round"),
        pytest.param(["v=spf1 -all", rsa_key()], "pass", "", id="a text that is no key"),
        pytest.param(["v=spf1 -all"], "permerror", "must come first", id="no key at all"),
        pytest.param([DkimKey(b"")], "permerror", "was revoked", id="revoked"),
        pytest.param([ed25519_key()], "permerror", "is of type ed25519", id="another type"),
        pytest.param([rsa_key(SHORT)], "fail", BROKEN_HEADER, id="another key"),
        pytest.param(["v=DKIM1; p=AAAA"], "permerror", "holds no RSA key", id="no RSA key"),
        pytest.param(["v=DKIM2; p=AAAA"], "permerror", "tag v must come first", id="no key record"),
        pytest.param([f"{rsa_key()}; h=sha1"], "permerror", "not for sha256", id="another hash"),
        pytest.param([f"{rsa_key()}; s=tlsrpt"], "permerror", "not for mail", id="another service"),
    ],
)
async def test_keys(keys: list[DkimKey | str], result: str, why: str) -> None:
    found, told = await judged(signed(), *keys)
    assert found == result
    assert why in told


async def test_a_key_for_the_exact_domain_only() -> None:
    below = signed(identity=b"@news.example.org")
    assert (await judged(below, f"{rsa_key()}; t=s"))[0] == "permerror"
    assert (await judged(below, rsa_key()))[0] == "pass"
    assert (await judged(signed(), f"{rsa_key()}; t=s"))[0] == "pass"


async def test_a_key_may_say_that_it_is_a_test() -> None:
    (found,) = await verify(signed(), world(f"{rsa_key()}; t=y"))
    assert (found.result, found.testing) == ("pass", True)


async def test_only_as_much_of_the_body_as_was_signed() -> None:
    message = signed(length=True)
    assert (await judged(message + b"appended\n", rsa_key()))[0] == "pass"
    shorter = message.replace(b"a line with blanks\n", b"")
    assert (await judged(shorter, rsa_key()))[0] != "pass"


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        pytest.param(rb"a=rsa-sha256", b"a=rsa-sha1", "policy", id="SHA-1"),
        pytest.param(rb"a=rsa-sha256", b"a=rsa-md5", "permerror", id="unknown algorithm"),
        pytest.param(rb"v=1;", b"v=2;", "permerror", id="version"),
        pytest.param(rb"d=example.org", b"x=y", "permerror", id="no domain"),
        pytest.param(rb"h=[^;]*;", b"h=to : date;", "permerror", id="From is not signed"),
        pytest.param(rb"t=\d+;", b"t=1; x=2;", "fail", id="ended long ago"),
        pytest.param(rb"t=\d+;", b"t=2; x=2;", "permerror", id="ended before it began"),
        pytest.param(rb"v=1;", b"v=1; q=other;", "permerror", id="no known way to the key"),
        pytest.param(rb"q=dns/txt;", b"q=other:dns/txt;", "fail", id="one known way to the key"),
        pytest.param(rb"d=example.org", b"d=org", "permerror", id="a top-level domain signs"),
    ],
)
async def test_malformed_signatures(old: bytes, new: bytes, result: str) -> None:
    changed = re.sub(old, new, signed(), count=1)
    assert (await judged(changed, rsa_key()))[0] == result


async def test_silence_is_a_temporary_error() -> None:
    (found,) = await verify(signed(), FakeWorld(silent=frozenset({NAME})))
    assert found.result == "temperror"


async def test_every_signature_is_judged() -> None:
    twice = signed(signed(), algorithm=b"ed25519-sha256")
    found = await verify(twice, world(str(rsa_key())))
    assert [one.result for one in found] == ["permerror", "pass"]


async def test_without_a_signature_there_is_no_result() -> None:
    assert await verify(MESSAGE, FakeWorld()) == ()


@given(st.binary(max_size=300))
@settings(deadline=None)
async def test_any_octets_are_judged(octets: bytes) -> None:
    for candidate in (octets, b"DKIM-Signature: " + octets + b"\n\n", signed()[:200] + octets):
        for found in await verify(candidate, world(str(rsa_key()))):
            assert found.result != "pass"


LINES = st.lists(st.sampled_from([b"", b" ", b"a", b" a \t b ", b"\t", b"word  word"]), max_size=6)


@given(LINES, st.sampled_from(WAYS))
@settings(max_examples=40, deadline=None)
async def test_any_body_that_dkimpy_signs_passes(lines: list[bytes], ways: bytes) -> None:
    message = MESSAGE.partition(b"\n\n")[0] + b"\n\n" + b"".join(line + b"\n" for line in lines)
    found = await judged(signed(message, ways=ways), rsa_key())
    assert found == ("pass", "")


EXAMPLE = b"""\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
"""


async def test_the_example_of_rfc_8463() -> None:
    text = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    name = "brisbane._domainkey.football.example.com."
    (found,) = await verify(EXAMPLE, FakeWorld(zones={(name, "TXT"): (text,)}))
    assert (found.result, found.why) == ("pass", "")


async def test_a_line_that_is_no_field_ends_none() -> None:
    message = signed().replace(b"\nTo:", b"\ngarbage line From: mallory@example.com\nTo:", 1)
    assert await judged(message, rsa_key()) == ("pass", "")
