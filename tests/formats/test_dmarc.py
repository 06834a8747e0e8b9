"""DMARC records (RFC 9989 §4.7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.dmarc import POLICIES, DmarcRecord

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
    st.sampled_from(["y", "n", "u"]),
    st.lists(st.sampled_from(["0", "1", "d", "s"]), min_size=1, max_size=3).map(tuple),
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
        except FormatError:
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
    with pytest.raises(FormatError):
        DmarcRecord.parse(text)


def test_without_a_policy_reports_may_be_asked_for() -> None:
    record = DmarcRecord.parse("v=DMARC1; rua=mailto:d@example.org")
    assert (record.p, record.rua) == ("none", ("mailto:d@example.org",))


@pytest.mark.parametrize(
    ("text", "understood", "faults"),
    [
        pytest.param("v=DMARC1; p=reject", DmarcRecord("reject"), 0, id="fine"),
        pytest.param("v=DMARC1; p=reject; adkim=x", DmarcRecord("reject"), 1, id="default"),
        pytest.param("v=DMARC1; p=reject; nonsense", DmarcRecord("reject"), 1, id="no tag"),
        pytest.param("v=DMARC1; p=monitor", None, 2, id="nobody to report to"),
        pytest.param(
            "v=DMARC1; p=monitor; rua=mailto:d@example.org",
            DmarcRecord("none", rua=("mailto:d@example.org",)),
            1,
            id="reports only",
        ),
        pytest.param(
            "v=DMARC1; p=reject; sp=hard; rua=mailto:d@example.org",
            DmarcRecord("none", rua=("mailto:d@example.org",)),
            1,
            id="a policy for subdomains that is none",
        ),
        pytest.param(
            "v=DMARC1; p=reject; rua=mailto:d@example.org!10m",
            DmarcRecord("reject", rua=("mailto:d@example.org",)),
            0,
            id="a size of other times",
        ),
    ],
)
def test_what_a_receiver_understands(
    text: str, understood: DmarcRecord | None, faults: int
) -> None:
    record, found = DmarcRecord.parse_leniently(text)
    assert record == understood
    assert len(found) == faults


@given(st.text())
def test_a_receiver_understands_something_or_nothing(text: str) -> None:
    DmarcRecord.parse_leniently(f"v=DMARC1; {text}")


def test_a_size_of_other_times_is_read_and_not_written() -> None:
    record = DmarcRecord.parse("v=DMARC1; p=none; rua=mailto:a@b.example!10m,mailto:c@d.example")
    assert record.rua == ("mailto:a@b.example", "mailto:c@d.example")
    with pytest.raises(FormatError, match="must be written %21"):
        DmarcRecord.parse("v=DMARC1; p=none; rua=mailto:a!b@c.example")


def test_a_lenient_reading_points_at_the_mistake() -> None:
    record, (fault,) = DmarcRecord.parse_leniently("v=DMARC1; p=reject; adkim=x")
    assert (record, fault.position) == (DmarcRecord("reject"), 26)


def test_the_first_of_two_tags_counts_for_a_receiver() -> None:
    record, _ = DmarcRecord.parse_leniently("v=DMARC1; p=reject; p=none")
    assert record == DmarcRecord("reject")


@pytest.mark.parametrize("fo", ["x", "", "01", "0:x", "0,1"])
def test_options_for_failure_reports(fo: str) -> None:
    with pytest.raises(FormatError):
        DmarcRecord.parse(f"v=DMARC1; p=none; fo={fo}")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" v=DMARC1; p=reject", id="space before it"),
        pytest.param("v=DMARC1; p=none; x=", id="no value"),
        pytest.param("v=DMARC1; p=none; a1=x", id="a digit in a name"),
        pytest.param("v=DMARC1; p=none; rua=mailto:<a@b.example>", id="no sign of a URI"),
        pytest.param("v=DMARC1; p=none; rua=mailto:a%zz@b.example", id="no escape"),
    ],
)
def test_what_the_grammar_does_not_know(text: str) -> None:
    with pytest.raises(FormatError):
        DmarcRecord.parse(text)


@pytest.mark.parametrize("text", ["V=DMARC1; p=none", "v=DMARC1; P=none", "v =\tDMARC1 ;p = NONE;"])
def test_case_of_names_and_space_inside_do_not_matter(text: str) -> None:
    assert DmarcRecord.parse(text) == DmarcRecord("none")


def test_what_is_left_open_means_what_is_said_above() -> None:
    assert DmarcRecord("reject", sp="reject").meaning == DmarcRecord("reject").meaning
    assert DmarcRecord("reject", sp="none").meaning != DmarcRecord("reject").meaning
