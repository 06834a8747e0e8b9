"""Reports for pull requests: nothing in them is taken for markup."""

from mailconf.report.markdown import render
from tests.report.samples import plan, report

TEXT = render(report())
PLAN = render(plan())


def test_findings_are_rows() -> None:
    assert "| error | XX001 | s.yaml:3:5 | got x | mend it |" in TEXT


def test_what_a_server_says_is_no_markup() -> None:
    assert "got \\\\x1b\\[0m&lt;&amp;&gt;" in TEXT


def test_what_could_not_be_told_is_listed() -> None:
    assert "- unknown `smtp.relay` x: put off: 451" in TEXT
    assert "be kind" in TEXT


def test_changes_are_diffs() -> None:
    assert "**a.example. MX**: publish\n\n```diff\n- 9 `c|d`.\n+ 10 b.example.\n```" in PLAN
    assert "caches expire 1 h after publication" in PLAN
    assert "caches expire in 1 min 30 s" in PLAN
    assert "**b.example. A**: propagating, missing at ns2" in PLAN


def test_what_is_in_sync_is_a_number() -> None:
    assert "d.example." not in PLAN
    assert "5 record sets: 1 publish, 1 propagating, 1 cached, 1 in sync, 1 unknown" in PLAN
