"""BIMI records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.bimi import BimiRecord

URIS = st.from_regex(r"https://[a-z]{1,8}\.example/[a-z]{1,8}\.svg", fullmatch=True)
RECORDS = st.builds(BimiRecord, st.one_of(st.just(""), URIS), st.one_of(st.just(""), URIS))


@given(RECORDS)
def test_a_record_reads_back(record: BimiRecord) -> None:
    assert BimiRecord.parse(str(record)) == record


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"v=BIMI1; l={text}"):
        try:
            BimiRecord.parse(candidate)
        except FormatError:
            continue


def test_a_domain_may_decline() -> None:
    assert BimiRecord.parse("v=BIMI1; l=; a=;").is_declined


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("v=BIMI2; l=https://a.example/l.svg", "must start with v=BIMI1"),
        ("l=https://a.example/l.svg; v=BIMI1", "must start with v=BIMI1"),
        ("v=BIMI1; a=https://a.example/m.pem", "tag l is missing"),
        ("v=BIMI1; l=http://a.example/l.svg", "is no https:// URI"),
        ("v=BIMI1; l=https://a.example/l.svg; a=m.pem", "is no https:// URI"),
    ],
)
def test_what_is_no_record(text: str, told: str) -> None:
    with pytest.raises(FormatError, match=told):
        BimiRecord.parse(text)
