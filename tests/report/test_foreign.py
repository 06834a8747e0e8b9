"""Whatever others say, no format takes it for anything but text."""

import json
import re
import unicodedata
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Outcome, Report, Verdict
from mailconf.model.place import Place
from mailconf.model.plan import Change, State
from mailconf.model.step import Step
from mailconf.report import foreign
from mailconf.report.formats import FORMATS, IN_ASCII

HOSTILE = [
    pytest.param("\x1b]0;owned\x07\x1b[2J", id="ESC"),
    pytest.param("\x9b31mred", id="C1"),
    pytest.param("a\r\n::error file=x::owned", id="GitHub"),
    pytest.param("::set-output name=x::y", id="GitHub at the beginning"),
    pytest.param("  ::error::x", id="GitHub after blanks"),
    pytest.param("x ##[error]y ##vso[task.setvariable variable=x]y", id="Azure"),
    pytest.param("##teamcity[buildStop comment='x']", id="TeamCity"),
    pytest.param("section_start:1:x\r\x1b[0Ky", id="GitLab"),
    pytest.param("a\u202egnp.exe\u2066b", id="bidi"),
    pytest.param("a\u2028b\x85c\x0bd", id="line ends"),
    pytest.param("a\0b\x7f", id="NUL"),
    pytest.param("a\udcffb\ud800", id="surrogates"),
    pytest.param("a\ufffeb\uffff", id="no characters"),
    pytest.param("```\n# x\n````\n</div>", id="fences"),
    pytest.param("``` `x` ```` ` ", id="backticks"),
    pytest.param("<script>alert(1)</script><!-- x --> &lt;", id="HTML"),
    pytest.param("]]></failure><failure message='x'/>", id="XML"),
    pytest.param("a | b || \\| c", id="pipes"),
    pytest.param("[x](javascript:x) ![y](https://a.example/) [z]: /x", id="links"),
    pytest.param("https://a.example/ www.a.example <https://b.example>", id="bare links"),
    pytest.param("# x", id="heading"),
    pytest.param("- x", id="list"),
    pytest.param("1. x", id="numbers"),
    pytest.param("2) x", id="numbers in parentheses"),
    pytest.param("    code", id="indented"),
    pytest.param("> quote", id="quote"),
    pytest.param("---", id="rule"),
    pytest.param("+++ *** ___ ===", id="more rules"),
    pytest.param("a  \nb\\", id="breaks"),
    pytest.param("{x} %s \\n \\", id="formats"),
    pytest.param("", id="nothing"),
]
RULE = Rule(
    "XX001", "some-fault", Severity.ERROR, "got {got}, {raw!r}", "fix {got}", expected="{got}"
)


def report(text: str) -> Report:
    """Return a report with a text at every place where one of others may stand."""
    place = Place(f"{text}.yaml", 3, 5)
    finding = RULE.at(text, ("domains", text), got=text, raw=text).placed(place)
    change = Change(text, "TXT", State.PUBLISH, (text,), (text, "```"), 300, 60, why=text)
    outcomes = [
        Outcome(
            text, text, verdict, (finding,) * (verdict is Verdict.FAILED), text, evidence=(text,)
        )
        for verdict in Verdict
    ]
    step = Step(text, text, text, ("domains", text), after=text)
    return Report(
        "verify", text, (finding,), tuple(outcomes), 1.0, (text,), (change,), (step,)
    )  # fmt: skip


def written(name: str, text: str) -> str:
    return FORMATS[name](report(text))


def controls(text: str) -> set[str]:
    bad = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return {char for char in text if unicodedata.category(char) in bad} - {"\n"}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_report_controls_what_shows_it(name: str, text: str) -> None:
    shown = written(name, text)
    assert controls(shown) == set()
    assert shown.encode("utf-8")


@pytest.mark.parametrize("name", ["text", "markdown"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_is_a_command_to_a_ci_server(name: str, text: str) -> None:
    shown = written(name, text)
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]
    assert not re.search(r"##\w*\[", shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_report_of_text_has_as_many_lines_as_without_it(text: str) -> None:
    def shape(of: str) -> int:
        return len(written("text", of).splitlines())

    assert shape(text) == shape("x") or text == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_json_gives_the_very_text_back(text: str) -> None:
    body = json.loads(written("json", text))
    assert body["notes"] == [text]
    assert body["outcomes"][0]["evidence"] == [text]
    assert json.loads(IN_ASCII[FORMATS["json"]](written("json", text))) == body


@pytest.mark.parametrize("text", HOSTILE)
def test_xml_parses_and_holds_the_printable_text(text: str) -> None:
    shown = written("junit", text)
    for document in (shown, IN_ASCII[FORMATS["junit"]](shown)):
        root = ElementTree.fromstring(document)
        cases = root.findall(".//testcase")
        assert {case.get("name") for case in cases} == {
            foreign.one_line(f"XX001 {text}"),
            foreign.one_line(text),
        }
        assert {child.tag for case in cases for child in case} <= {
            "failure", "error", "skipped", "system-out",
        }  # fmt: skip
        assert [one.text for one in root.iter("system-out")] == [foreign.in_xml(text)] * bool(text)


def nodes(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from nodes(token.children or [])


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_markdown_has_the_same_blocks_as_without_it(text: str) -> None:
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})

    def blocks(of: str) -> list[str]:
        return [
            token.type for token in parser.parse(written("markdown", of)) if token.type != "inline"
        ]

    kinds = {token.type for token in nodes(parser.parse(written("markdown", text)))}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "hardbreak", "em_open"}
    assert blocks(text) == blocks("x")


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_the_printable_text(text: str) -> None:
    shown = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(
        written("markdown", text)
    )
    inline = [
        "".join(t.content for t in token.children or [])
        for token in shown
        if token.type == "inline"
    ]
    assert foreign.one_line(text).strip() in inline
    (fence,) = [token for token in shown if token.type == "fence"]
    assert fence.content.splitlines() == [
        foreign.one_line(f"- {text}"),
        "- ```",
        foreign.one_line(f"+ {text}"),
    ]


def test_nobody_is_called_and_nothing_is_linked_from_markdown() -> None:
    """Forges look for people and issues in what Markdown has made, where every escape is gone."""
    shown = foreign.in_markdown("@torvalds see owner/repo#1, GH-7, !12 ($x^2$), alice@example.org")
    (line,) = [t for t in MarkdownIt().parse(shown) if t.type == "inline"]
    text = "".join(token.content for token in line.children or [])
    assert text.replace("\u200b", "") == (
        "@torvalds see owner/repo#1, GH-7, !12 ($x^2$), alice@example.org"
    )
    assert not re.search(r"(?<![\w.])@\w|[#!]\d|GH-\d", text)
    assert "alice@example.org" in text
    assert "$" not in shown


@given(st.text())
def test_what_went_through_once_stays(text: str) -> None:
    once = foreign.one_line(text)
    assert foreign.one_line(once) == once
    assert once.isprintable()
    assert foreign.lines(foreign.lines(text)) == foreign.lines(text)


@given(st.text(alphabet="`*_[]()<>!#|~\\&-+=1.) \n\tax:/@\"'"))
def test_any_mixture_is_text_in_markdown(text: str) -> None:
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    (_, inline, _) = parser.parse(f"x {foreign.in_markdown(text)}")
    assert {token.type for token in inline.children or []} <= {"text", "text_special"}
    tokens = parser.parse(f"- {foreign.in_markdown(text)}\n\n{foreign.code_in_markdown(text)}\n")
    assert [t.type for t in tokens if t.type.endswith("_open")] in (
        ["bullet_list_open", "list_item_open", "paragraph_open", "paragraph_open"],
        ["bullet_list_open", "list_item_open", "paragraph_open"],
    )


def test_a_diff_keeps_tabs_and_lines() -> None:
    text = "--- a/x\n+++ b/x\n ::error::x\n+\tb\x1b[0m\n"
    assert foreign.lines(text) == "--- a/x\n+++ b/x\n \\x3a:error::x\n+\tb\\x1b[0m\n"


def test_findings_are_not_escaped_twice() -> None:
    finding: Finding = RULE.at("x", got="a\nb\\c", raw="é\u202e")
    assert finding.message == "got a\\nb\\c, 'é\\u202e'"
    assert foreign.one_line(finding.message) == finding.message
