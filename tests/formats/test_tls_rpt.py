"""TLSRPT records (RFC 8460 §3)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.tls_rpt import TlsRptRecord
from tests.conformance import documents, needs_data

URIS = st.one_of(
    st.from_regex(r"mailto:[a-z0-9.]{1,10}@[a-z]{1,8}\.example", fullmatch=True),
    st.from_regex(r"https://[a-z]{1,8}\.example/[a-z]{0,8}", fullmatch=True),
)
CASES: list[Any] = [case for part in documents("tlsrpt/records.yml") for case in part]


@given(st.lists(URIS, min_size=1, max_size=4).map(tuple).map(TlsRptRecord))
def test_a_record_reads_back(record: TlsRptRecord) -> None:
    assert TlsRptRecord.parse(str(record)) == record


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"v=TLSRPTv1; rua={text}"):
        try:
            TlsRptRecord.parse(candidate)
        except FormatError:
            continue


@needs_data
def test_the_public_cases_are_there() -> None:
    assert len(CASES) > 15


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["record"])
def test_public_cases(case: Any) -> None:
    if case["valid"]:
        assert TlsRptRecord.parse(case["record"]).rua
    else:
        with pytest.raises(FormatError):
            TlsRptRecord.parse(case["record"])


@pytest.mark.parametrize(
    "text",
    [
        "v = TLSRPTv1; rua=mailto:a@b.example",
        "v=TLSRPTv1; rua =mailto:a@b.example",
        "v=TLSRPTv1; rua= mailto:a@b.example",
        " v=TLSRPTv1; rua=mailto:a@b.example",
        "v=TLSRPTv1; rua=mailto:a@b.example; e =1",
    ],
)
def test_space_stands_around_semicolons_alone(text: str) -> None:
    with pytest.raises(FormatError):
        TlsRptRecord.parse(text)


@pytest.mark.parametrize(
    "uri", ["https:x", "https://", "mailto:<a@b.example>", "mailto:a%zz@b.example"]
)
def test_what_is_no_uri(uri: str) -> None:
    with pytest.raises(FormatError):
        TlsRptRecord.parse(f"v=TLSRPTv1; rua={uri}")


@pytest.mark.parametrize("uri", ["MAILTO:a@b.example", "HTTPS://b.example/x"])
def test_the_case_of_schemes_does_not_matter(uri: str) -> None:
    assert TlsRptRecord.parse(f"v=TLSRPTv1; rua={uri}").rua == (uri,)
