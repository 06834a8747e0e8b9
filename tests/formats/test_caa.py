"""CAA records (RFC 8659 §4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.caa import Caa, Issuer

OCTETS = st.text(st.characters(min_codepoint=0, max_codepoint=255), max_size=40)
ISSUERS = st.builds(
    Issuer,
    st.sampled_from(["", "letsencrypt.org", "ca.example"]),
    st.dictionaries(
        st.sampled_from(["other", "validationmethods"]),
        st.from_regex(r"[a-z0-9-]{1,9}(,[a-z0-9-]{1,9}){0,2}", fullmatch=True),
    ),
)


@given(st.integers(0, 255), st.sampled_from(["iodef", "contactemail", "x1"]), OCTETS)
def test_a_record_reads_back(flags: int, tag: str, value: str) -> None:
    record = Caa(flags, tag, value)
    assert Caa.parse(str(record)) == record


@given(ISSUERS)
def test_an_issuer_reads_back(issuer: Issuer) -> None:
    assert Issuer.parse(str(issuer)) == issuer
    assert Caa.parse(str(Caa(0, "issue", str(issuer)))).issuer == issuer


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"0 issue {text}", f'0 issue "{text}"'):
        try:
            Caa.parse(candidate)
        except FormatError:
            continue


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ('0 issue "ca.example"', Caa(0, "issue", "ca.example")),
        ("0 issue ca.example", Caa(0, "issue", "ca.example")),
        ('128 ISSUE ";"', Caa(128, "issue", ";")),
        ('0 iodef "mailto:a@b.example"', Caa(0, "iodef", "mailto:a@b.example")),
        ('0 issue ""', Caa(0, "issue", "")),
        (r'0 x "a\"b\\c\065"', Caa(0, "x", 'a"b\\cA')),
    ],
)
def test_spellings(text: str, record: Caa) -> None:
    assert Caa.parse(text) == record


def test_parameters_of_an_issuer() -> None:
    text = "ca.example; accounturi=https://ca.example/acct/1 ; validationmethods=dns-01"
    assert Issuer.parse(text) == Issuer(
        "ca.example",
        {"accounturi": "https://ca.example/acct/1", "validationmethods": "dns-01"},
    )


@pytest.mark.parametrize(
    ("text", "position"),
    [
        pytest.param("0 issue", 0, id="no value"),
        pytest.param('256 issue "a.example"', 0, id="flags too large"),
        pytest.param('0 is-sue "a.example"', 2, id="tag"),
        pytest.param('0 issue "a.example', 8, id="quote left open"),
        pytest.param('0 issue "a example"', 9, id="no name"),
        pytest.param('0 issue "%%%%%"', 9, id="nonsense"),
        pytest.param('0 issue "ca.example; accounturi"', 20, id="parameter without a value"),
        pytest.param('0 issue "a.example" "b.example"', 8, id="two strings"),
    ],
)
def test_what_is_no_record(text: str, position: int) -> None:
    with pytest.raises(FormatError) as caught:
        Caa.parse(text)
    assert caught.value.position == position


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("ca.example; accounturi=a:1; accounturi=b:2", id="two accounts"),
        pytest.param("ca.example; accounturi=foo", id="an account that is no URI"),
        pytest.param("ca.example; validationmethods=dns_01", id="no method"),
        pytest.param("ca.example; validationmethods=", id="no methods at all"),
    ],
)
def test_what_would_read_as_a_permission(value: str) -> None:
    """RFC 8657 §3, §4: an authority must take such a property for one that nobody satisfies."""
    with pytest.raises(FormatError, match="RFC 8657"):
        Issuer.parse(value)
