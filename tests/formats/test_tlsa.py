"""TLSA records (RFC 6698 §2.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.tlsa import Tlsa

DIGEST = "d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971"
NUMBER = st.integers(0, 255)
RECORDS = st.one_of(
    st.builds(Tlsa, NUMBER, NUMBER, st.just(0), st.binary(min_size=1, max_size=300)),
    st.builds(Tlsa, NUMBER, NUMBER, st.just(1), st.binary(min_size=32, max_size=32)),
    st.builds(Tlsa, NUMBER, NUMBER, st.just(2), st.binary(min_size=64, max_size=64)),
)


@given(RECORDS)
def test_a_record_reads_back(record: Tlsa) -> None:
    assert Tlsa.parse(str(record)) == record


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"3 1 1 {text}"):
        try:
            Tlsa.parse(candidate)
        except FormatError:
            continue


def test_digits_may_stand_in_groups_and_in_capitals() -> None:
    grouped = f"3 1 1 {DIGEST[:20].upper()} {DIGEST[20:]}"
    assert Tlsa.parse(grouped) == Tlsa.parse(f"3  1 1 {DIGEST}")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        pytest.param("3 1 1", 5, id="no data"),
        pytest.param(f"3 1 {DIGEST}", 67 + 1, id="two numbers"),
        pytest.param(f"256 1 1 {DIGEST}", 0, id="too large"),
        pytest.param(f"3 x 1 {DIGEST}", 2, id="no number"),
        pytest.param(f"3 1 1 {DIGEST}0", 6, id="half an octet"),
        pytest.param(f"3 1 1 {DIGEST[2:]}", 6, id="too short for SHA-256"),
        pytest.param("3 1 1 zz", 6, id="no digits"),
    ],
)
def test_what_is_no_record(text: str, position: int) -> None:
    with pytest.raises(FormatError) as caught:
        Tlsa.parse(text)
    assert caught.value.position == position
