"""MTA-STS record and policy (RFC 8461 §3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.mta_sts import MAX_AGE, StsPolicy, StsRecord
from tests.conformance import documents, needs_data

HOST = st.from_regex(r"(\*\.)?[a-z0-9]{1,10}(\.[a-z]{2,5}){1,3}", fullmatch=True)
POLICIES = st.builds(
    StsPolicy,
    mode=st.sampled_from(["enforce", "testing"]),
    mx=st.lists(HOST, min_size=1, max_size=5).map(tuple),
    max_age=st.integers(0, MAX_AGE),
)


@given(POLICIES)
def test_a_policy_reads_back(policy: StsPolicy) -> None:
    assert StsPolicy.parse(str(policy)) == policy
    assert StsPolicy.parse(str(policy).replace("\n", "\r\n")) == policy


@given(st.from_regex(r"[A-Za-z0-9]{1,32}", fullmatch=True))
def test_a_record_reads_back(stamp: str) -> None:
    assert StsRecord.parse(str(StsRecord(stamp))) == StsRecord(stamp)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (StsPolicy.parse, StsRecord.parse):
        try:
            parse(text)
        except FormatError:
            continue


CASES = [case for part in documents("mta-sts/policies.yml") for case in part]
RECORDS = [case for part in documents("mta-sts/records.yml") for case in part]


def is_valid(parse: object, text: str) -> bool:
    try:
        parse(text)  # type: ignore[operator]
    except FormatError:
        return False
    return True


@needs_data
def test_public_policies_are_judged_as_published() -> None:
    wrong = [case for case in CASES if is_valid(StsPolicy.parse, case["policy"]) != case["valid"]]
    assert len(CASES) > 10
    assert wrong == []


@needs_data
def test_public_records_are_judged_as_published() -> None:
    wrong = [case for case in RECORDS if is_valid(StsRecord.parse, case["record"]) != case["valid"]]
    assert len(RECORDS) > 10
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<html>", id="error page"),
        pytest.param("version: STSv1\nmode: enforce\nmax_age: 1\n", id="no mx"),
        pytest.param(
            f"version: STSv1\nmode: none\nmax_age: {MAX_AGE + 1}\n", id="max_age too large"
        ),
    ],
)
def test_what_is_no_policy(text: str) -> None:
    with pytest.raises(FormatError):
        StsPolicy.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "v = STSv1; id=1",
        "v=STSv1; id =1",
        "v=STSv1; id= 1",
        " v=STSv1; id=1",
        "v=STSv1; id=1; e =1",
    ],
)
def test_space_stands_around_semicolons_alone(text: str) -> None:
    with pytest.raises(FormatError):
        StsRecord.parse(text)


@pytest.mark.parametrize(
    "line",
    ["version : STSv1", " mode: enforce", "ext: a\tb", "ext: a\x01", f"mx: {'x' * 64}.example"],
)
def test_lines_that_the_grammar_does_not_know(line: str) -> None:
    with pytest.raises(FormatError):
        StsPolicy.parse(f"version: STSv1\nmode: none\nmax_age: 1\n{line}\n")
