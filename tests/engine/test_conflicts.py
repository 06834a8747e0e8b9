"""Two plugins that claim the same thing are told, with both sources."""

from pathlib import PurePosixPath

import pytest

from mailconf.engine import conflicts
from mailconf.model.artifact import Artifact, Render
from mailconf.model.record import Record
from mailconf.model.setting import Setting
from tests.engine.specs import codes


def test_equal_wishes_are_one() -> None:
    kept, findings = conflicts.settings(
        [Setting("p", "h", "k", "v", "a"), Setting("p", "h", "k", "v", "b")]
    )
    assert (len(kept), findings) == (1, [])


def test_different_wishes_disagree() -> None:
    _, findings = conflicts.settings(
        [Setting("p", "h", "k", "v", "a"), Setting("p", "h", "k", "w", "b")]
    )
    assert codes(findings) == ["CFG030"]
    assert "by a" in findings[0].message
    assert "by b" in findings[0].message


def test_ranked_wishes_are_joined_in_order() -> None:
    asked = [Setting("p", "h", "k", "second", "a", 20), Setting("p", "h", "k", "first", "b", 10)]
    kept, findings = conflicts.settings(asked)
    assert ([setting.value for setting in kept], findings) == (["first", "second"], [])


def txt(value: str) -> Record:
    return Record("a.example.", "TXT", value)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        pytest.param([txt("v=spf1 -all"), txt("hello"), txt("v=DMARC1; p=none")], [], id="fine"),
        pytest.param([txt("v=spf1 -all"), txt("v=spf1 -all")], [], id="the same twice"),
        pytest.param([txt("v=spf1 -all"), txt("v=spf1 a -all")], ["CFG031"], id="two SPF"),
        pytest.param(
            [txt("x"), Record("a.example.", "CNAME", "b.example.")], ["CFG031"], id="alias"
        ),
        pytest.param(
            [Record("a.example.", "A", f"192.0.2.{n}") for n in (1, 2)], [], id="addresses"
        ),
    ],
)
def test_records_at_one_name(records: list[Record], found: list[str]) -> None:
    assert codes(conflicts.records(records)[1]) == found


def test_two_plugins_for_one_file() -> None:
    order = Render("mail", PurePosixPath("etc/x"), "x.j2", None)
    made, findings = conflicts.artifacts([Artifact(order, "1", "a"), Artifact(order, "2", "b")])
    assert (len(made), codes(findings)) == (1, ["CFG032"])


def test_no_name_is_an_alias_of_itself() -> None:
    record = Record("autodiscover.example.org.", "CNAME", "autodiscover.example.org.")
    _, findings = conflicts.records([record])
    assert [finding.rule.code for finding in findings] == ["CFG035"]
