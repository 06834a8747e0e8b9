"""DKIM key records (RFC 6376 §3.6.1)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats.dkim import DkimKey, DkimKeyError

KEYS = st.builds(
    DkimKey,
    st.binary(max_size=300),
    st.sampled_from(["rsa", "ed25519"]),
    st.frozensets(st.sampled_from(["y", "s"])),
)


@given(KEYS)
def test_a_key_reads_back(key: DkimKey) -> None:
    assert DkimKey.parse(str(key)) == key


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"v=DKIM1; p={text}"):
        try:
            DkimKey.parse(candidate)
        except DkimKeyError:
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
    ],
)
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(DkimKeyError):
        DkimKey.parse(text)


def test_an_empty_key_is_a_revoked_one() -> None:
    assert DkimKey.parse("v=DKIM1; p=").key == b""
