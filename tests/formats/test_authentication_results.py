"""Authentication-Results header fields (RFC 8601)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats.authentication_results import AuthenticationResults

PAIR = st.tuples(
    st.sampled_from(["dkim", "spf", "dmarc", "arc"]),
    st.sampled_from(["pass", "fail", "none", "neutral", "temperror"]),
)
FIELDS = st.builds(
    AuthenticationResults,
    st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True),
    st.lists(PAIR, max_size=4).map(tuple),
)


@given(FIELDS)
def test_a_field_reads_back(field: AuthenticationResults) -> None:
    assert AuthenticationResults.parse(str(field)) == field


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    AuthenticationResults.parse(text)


@pytest.mark.parametrize(
    ("text", "results"),
    [
        pytest.param(
            'mx.example;\r\n\tdkim=pass (2048-bit key; secure) header.d=a.example header.b="x;y=fail"',
            (("dkim", "pass"),),
            id="comments and quotes",
        ),
        pytest.param("mx.example 1; none", (), id="none"),
        pytest.param(
            "mx.example; dmarc=fail (p=reject dis=none) header.from=a.example; spf=softfail",
            (("dmarc", "fail"), ("spf", "softfail")),
            id="two",
        ),
    ],
)
def test_real_fields(text: str, results: tuple[tuple[str, str], ...]) -> None:
    assert AuthenticationResults.parse(text) == AuthenticationResults("mx.example", results)
