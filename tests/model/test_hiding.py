"""A secret is hidden however it is spelled, cut into lines or cased, and nothing else is."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.model.finding import Rule, Severity
from mailconf.model.hiding import Hidden
from mailconf.model.outcome import Outcome, Report, Verdict

WORD = 'Correct "horse" bätt\\ery'
PLAIN = base64.b64encode(f"\0alice@example.org\0{WORD}".encode()).decode()
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("C", "Z")), min_size=8)  # fmt: skip


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(WORD, id="as it is"),
        pytest.param(WORD.upper(), id="capitals"),
        pytest.param(WORD.replace(" ", ""), id="without spaces"),
        pytest.param('Correct\n 535-"horse"\r\n535-bätt\\ery', id="wrapped by SMTP"),
        pytest.param(PLAIN, id="SASL PLAIN"),
        pytest.param(PLAIN.lower(), id="SASL PLAIN without case"),
        pytest.param(
            "\n".join(PLAIN[i : i + 7] for i in range(0, len(PLAIN), 7)), id="wrapped base64"
        ),
        pytest.param("\nS: 535-".join(PLAIN), id="one character a line"),
        pytest.param(base64.b64encode(WORD.encode()).decode(), id="SASL LOGIN"),
        pytest.param(
            base64.b64encode(f"user=a\1auth=Bearer {WORD}\1\1".encode()).decode(), id="XOAUTH2"
        ),
        pytest.param(base64.urlsafe_b64encode(WORD.encode()).decode(), id="URL-safe base64"),
        pytest.param(json.dumps(WORD), id="JSON"),
        pytest.param(json.dumps(WORD, ensure_ascii=False), id="JSON in UTF-8"),
        pytest.param(quote(WORD), id="URL"),
        pytest.param(repr(WORD), id="Python"),
        pytest.param(WORD.encode().hex(), id="hexadecimal"),
        pytest.param('Correct \\"horse\\" bätt\\\\ery', id="quoted string"),
        pytest.param("Correct &quot;horse&quot; bätt\\ery", id="XML"),
    ],
)
def test_spellings(shown: str) -> None:
    hidden = Hidden([WORD]).hide(f"535 begin {shown} end")
    assert "[secret]" in hidden
    assert hidden.startswith("535 begin")
    assert hidden.endswith("end")
    for left in ("orrect", "orse", "ery", base64.b64encode(WORD.encode()).decode()[2:12]):
        assert left.lower() not in hidden.lower()


def test_lines_keep_their_number() -> None:
    lines = ('S: 535-Correct "hor', 'S: 535 se" bätt\\ery', "C: QUIT")
    hidden = Hidden([WORD]).lines(lines)
    assert hidden == ("S: 535-[secret]", "", "C: QUIT")


@pytest.mark.parametrize("secret", ["a", "ab", "abc", "", "   "])
def test_short_ones_are_not_hidden_everywhere(secret: str) -> None:
    assert Hidden([secret]).hide("abc and cab") == "abc and cab"


def test_of_four_characters_the_very_ones_are_hidden() -> None:
    assert Hidden(["Cab4"]).hide("Cab4 cab4 c a b 4") == "[secret] cab4 c a b 4"


def test_without_secrets_a_text_stays_the_same_object() -> None:
    text = "a" * 100
    assert Hidden().hide(text) is text


def test_a_report_is_plain_data_all_the_same() -> None:
    rule = Rule("XX001", "x", Severity.ERROR, "got {got}", "fix it")
    finding = rule.at("a", ("domains", "a"), got=ValueError(WORD), n=3)
    outcome = Outcome("c", "s", Verdict.FAILED, (finding,), evidence=(WORD[:9], WORD[9:]))
    hidden = Hidden([WORD]).within(Report("verify", "x", (), (outcome,)))
    (told,) = hidden.outcomes
    assert told.findings[0].message == "got [secret]"
    assert told.findings[0].facts["n"] == 3
    assert told.evidence == ("[secret]", "")
    assert told.verdict is Verdict.FAILED


def test_many_secrets_are_hidden_too() -> None:
    hidden = Hidden(f"password-{number:04}" for number in range(2_000))
    assert hidden.hide("x password-1234 y") == "x [secret] y"


@given(SECRETS, st.text(max_size=20), st.text(max_size=20))
def test_no_text_around_brings_it_out(secret: str, before: str, after: str) -> None:
    encoded = base64.b64encode(f"{before}{secret}".encode()).decode()
    hidden = Hidden([secret]).hide(f"{before}\n{secret}\n{encoded}\n{after}")
    assert secret not in hidden
    assert encoded not in hidden
