"""Authentication-Results header fields (RFC 8601)."""

from dataclasses import replace

import authres
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.authentication_results import (
    AuthenticationResults,
    MethodResult,
    Property,
)

WORD = st.from_regex(r"[a-z][a-z0-9]{0,7}", fullmatch=True)
VALUE = st.one_of(
    st.from_regex(r"[a-z0-9.-]{1,12}", fullmatch=True),
    st.from_regex(r"[a-z0-9]{1,5}@[a-z0-9]{1,5}\.example", fullmatch=True),
    st.from_regex(r"[ -~]{0,12}", fullmatch=True),
)
PROPERTIES = st.builds(Property, WORD, WORD, VALUE)
RESULTS = st.builds(
    MethodResult,
    WORD.filter(lambda word: word != "none"),
    WORD,
    st.from_regex(r"[ -~]{0,12}", fullmatch=True),
    st.lists(PROPERTIES.filter(lambda p: p.type != "reason"), max_size=3).map(tuple),
)
FIELDS = st.builds(
    AuthenticationResults,
    st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True),
    st.lists(RESULTS, max_size=4).map(tuple),
)


@given(FIELDS)
def test_a_field_reads_back(field: AuthenticationResults) -> None:
    assert AuthenticationResults.parse(str(field)) == field


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    AuthenticationResults.parse_leniently(text)


@given(st.text(alphabet='abc=.;/ ()"\\\r\n@1'))
def test_what_is_refused_names_a_place(text: str) -> None:
    _, faults = AuthenticationResults.parse_leniently(text)
    assert all(0 <= fault.position <= len(text) for fault in faults)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(one.method, one.result) for one in AuthenticationResults.parse(text).results]


@pytest.mark.parametrize(
    ("text", "results"),
    [
        pytest.param(
            'mx.example;\r\n\tdkim=pass (2048-bit key; secure) header.d=a.example header.b="x;y=fail"',
            [("dkim", "pass")],
            id="comments and quotes",
        ),
        pytest.param("mx.example 1; none", [], id="none"),
        pytest.param(
            "mx.example; dmarc=fail (p=reject dis=none) header.from=a.example; spf=softfail",
            [("dmarc", "fail"), ("spf", "softfail")],
            id="two",
        ),
        pytest.param(
            "mx.example (a (nested) one); spf/1 = pass", [("spf", "pass")], id="a version"
        ),
        pytest.param("mx.example; spf=pass;", [("spf", "pass")], id="a last semicolon"),
        pytest.param("mx.example; DKIM=Pass Header.I=@a.example", [("dkim", "pass")], id="case"),
    ],
)
def test_real_fields(text: str, results: list[tuple[str, str]]) -> None:
    assert pairs(text) == results


def test_what_a_result_is_about() -> None:
    """The example of RFC 8601 appendix B.5, and an address with quotes."""
    text = (
        "example.com; auth=pass (cram-md5) smtp.auth=sender@example.com; "
        'spf=fail reason="not listed; really" smtp.mailfrom="a b"@example.com'
    )
    auth, spf = AuthenticationResults.parse(text).results
    assert auth.property("smtp", "auth") == "sender@example.com"
    assert (spf.reason, spf.property("smtp", "mailfrom")) == (
        "not listed; really",
        '"a b"@example.com',
    )
    assert spf.property("smtp", "helo") == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mx.example",
        "mx.example;",
        "mx.example; spf",
        "mx.example; spf=",
        "mx.example; spf=pass smtp",
        "mx.example; spf=pass smtp.mailfrom",
        "mx.example; spf=pass (unfinished",
        'mx.example; spf=pass reason="unfinished',
        "mx.example; none; spf=pass",
    ],
)
def test_what_the_grammar_does_not_know(text: str) -> None:
    with pytest.raises(FormatError):
        AuthenticationResults.parse(text)


def test_a_lenient_reader_keeps_what_it_can_read() -> None:
    text = "mx.example; spf=pass smtp; dkim=pass header.d=a.example; ???; dmarc=pass"
    value, faults = AuthenticationResults.parse_leniently(text)
    assert [one.method for one in value.results] == ["dkim", "dmarc"]
    assert len(faults) == 2


@given(FIELDS)
def test_another_reader_reads_the_same(field: AuthenticationResults) -> None:
    """authres, which is stricter about what it prints and reads only values that RFC 8601 knows."""
    plain = replace(
        field, results=tuple(replace(r, properties=(), reason="") for r in field.results)
    )
    theirs = authres.AuthenticationResultsHeader.parse_value(str(plain))
    assert theirs.authserv_id == field.authserv_id
    assert [(r.method, r.result) for r in theirs.results if r.method != "none"] == [
        (r.method, r.result) for r in field.results
    ]
