"""DMARC records (RFC 9989 §4.7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats.dmarc import POLICIES, DmarcError, DmarcRecord

OPTIONAL = st.sampled_from(["", *POLICIES])
URIS = st.lists(
    st.from_regex(r"mailto:[a-z0-9.]{1,10}@[a-z]{1,8}\.example", fullmatch=True), max_size=3
).map(tuple)
RECORDS = st.builds(
    DmarcRecord,
    st.sampled_from(POLICIES),
    OPTIONAL,
    OPTIONAL,
    st.sampled_from(["r", "s"]),
    st.sampled_from(["r", "s"]),
    st.sampled_from(["y", "n"]),
    URIS,
    URIS,
)


@given(RECORDS)
def test_a_record_reads_back(record: DmarcRecord) -> None:
    assert DmarcRecord.parse(str(record)) == record


@given(RECORDS)
def test_the_policy_stands_second(record: DmarcRecord) -> None:
    assert str(record).startswith(f"v=DMARC1; p={record.p}")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"v=DMARC1; p=none; {text}"):
        try:
            DmarcRecord.parse(candidate)
        except DmarcError:
            continue


def test_tags_of_other_times_mean_nothing() -> None:
    old = "v=DMARC1; p=reject; pct=50; ri=86400; rf=afrf"
    assert DmarcRecord.parse(old) == DmarcRecord("reject")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("v=dmarc1; p=none", id="case of the version"),
        pytest.param("p=none; v=DMARC1", id="version not first"),
        pytest.param("v=DMARC1; p=monitor", id="unknown policy"),
        pytest.param("v=DMARC1", id="no policy"),
        pytest.param("v=DMARC1; p=none; rua=dmarc@example.org", id="report address is no URI"),
        pytest.param("v=DMARC1; p=none; p=reject", id="policy twice"),
        pytest.param("v=DMARC1 p=none", id="no semicolon"),
    ],
)
def test_what_is_no_record(text: str) -> None:
    with pytest.raises(DmarcError):
        DmarcRecord.parse(text)
