"""The fields of an ARC set."""

import pytest

from mailconf.formats import FormatError
from mailconf.formats.arc import ArcAuthenticationResults, ArcMessageSignature, ArcSeal

SEAL = "i=2; a=rsa-sha256; cv=pass; d=list.example; s=arc; t=1; b=AAAA"
SIGNATURE = (
    "i=1; a=rsa-sha256; c=relaxed/relaxed; d=list.example; s=arc; h=from:to; bh=AAAA; b=AAAA"
)


def test_a_seal() -> None:
    seal = ArcSeal.parse(SEAL)
    assert (seal.instance, seal.cv, seal.signature.domain) == (2, "pass", "list.example")
    assert (seal.signature.fields, seal.signature.header) == ((), "relaxed")


def test_a_message_signature() -> None:
    found = ArcMessageSignature.parse(SIGNATURE)
    assert (found.instance, found.signature.fields) == (1, ("from", "to"))
    assert found.signature.identity == "@list.example"


def test_results() -> None:
    found = ArcAuthenticationResults.parse("i=1; list.example; spf=pass; ???")
    assert (found.instance, found.results.authserv_id) == (1, "list.example")
    assert [one.method for one in found.results.results] == ["spf"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cv=pass", "cv=maybe"), ("cv=pass; ", ""), ("i=2; ", ""), ("i=2", "i=0"), ("i=2", "i=51"),
        ("t=1", "h=from"), ("t=1", "bh=AAAA"), ("d=list.example", "d=list"), ("b=AAAA", "x=y"),
    ],
)  # fmt: skip
def test_what_is_no_seal(old: str, new: str) -> None:
    with pytest.raises(FormatError):
        ArcSeal.parse(SEAL.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [("h=from:to", "h=from:arc-seal"), ("i=1", "i=x"), ("bh=AAAA; ", ""), ("i=1; ", "")],
)
def test_what_is_no_message_signature(old: str, new: str) -> None:
    with pytest.raises(FormatError):
        ArcMessageSignature.parse(SIGNATURE.replace(old, new))


@pytest.mark.parametrize(
    "text", ["list.example; spf=pass", "i=1", "i=99; list.example; none", "j=1; x; none"]
)
def test_what_are_no_results(text: str) -> None:
    with pytest.raises(FormatError):
        ArcAuthenticationResults.parse(text)
