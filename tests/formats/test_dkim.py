"""DKIM key records (RFC 6376 §3.6.1)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.dkim import DkimKey

FLAGS = st.frozensets(st.sampled_from(["y", "s"]))
KEYS = st.one_of(
    st.builds(
        DkimKey,
        st.binary(max_size=300),
        st.just("rsa"),
        FLAGS,
        st.frozensets(st.sampled_from(["sha1", "sha256"])),
        st.frozensets(st.sampled_from(["email", "tlsrpt"])),
        st.sampled_from(["", "made by hand"]),
    ),
    st.builds(DkimKey, st.binary(min_size=32, max_size=32), st.just("ed25519"), FLAGS),
)


@given(KEYS)
def test_a_key_reads_back(key: DkimKey) -> None:
    assert DkimKey.parse(str(key)) == key


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"v=DKIM1; p={text}"):
        try:
            DkimKey.parse(candidate)
        except FormatError:
            continue


def test_equality_is_by_octets() -> None:
    text = base64.b64encode(b"k" * 60).decode()
    spaced = f"p={text[:20]} {text[20:]} ; k=rsa"
    assert DkimKey.parse(spaced) == DkimKey.parse(f"v=DKIM1; k=rsa; p={text}")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("k=rsa; v=DKIM1; p=AAAA", id="version not first"),
        pytest.param("v=DKIM2; p=AAAA", id="other version"),
        pytest.param("v=DKIM1; k=dsa; p=AAAA", id="unknown type"),
        pytest.param("v=DKIM1; k=rsa", id="no key"),
        pytest.param("v=DKIM1; p=****", id="no base64"),
        pytest.param("v=DKIM1; p=AAAA; p=AAAA", id="tag twice"),
        pytest.param("v=DKIM1; k=ed25519; p=AAAA", id="too short for Ed25519"),
        pytest.param("v=DKIM1; t=y:; p=AAAA", id="empty flag"),
        pytest.param("v=DKIM1; s=e mail; p=AAAA", id="no service"),
    ],
)
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(FormatError):
        DkimKey.parse(text)


def test_an_empty_key_is_a_revoked_one() -> None:
    assert DkimKey.parse("v=DKIM1; p=").key == b""


def test_every_service_is_no_service_in_particular() -> None:
    assert DkimKey.parse("v=DKIM1; s=*; p=AAAA") == DkimKey.parse("v=DKIM1; p=AAAA")


def test_an_error_points_at_the_value() -> None:
    with pytest.raises(FormatError) as caught:
        DkimKey.parse("v=DKIM1; k=dsa; p=AAAA")
    assert (caught.value.position, caught.value.rule) == (11, "RFC 6376 §3.6.1 key-k-tag")


@pytest.mark.parametrize(
    ("text", "usable"), [("v=DKIM1; p=AAAA", True), ("v=DKIM1; p=AAAA; h=", False)]
)
def test_a_verifier_uses_a_key_or_none(text: str, usable: bool) -> None:
    key, faults = DkimKey.parse_leniently(text)
    assert (key is not None, not faults) == (usable, usable)


@pytest.mark.parametrize("p", ["AAAA=", "AAAA====", "AAA", "AA=A", "AAAA*"])
def test_what_is_not_base64(p: str) -> None:
    with pytest.raises(FormatError):
        DkimKey.parse(f"v=DKIM1; p={p}")
