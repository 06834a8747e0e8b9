"""Text: what passed in one line a check, everything else in full."""

import pytest

from mailconf.model.outcome import Outcome, Report, Verdict
from mailconf.report.text import render, span
from tests.report.samples import plan, report

TEXT = render(report())


def test_what_passed_takes_one_line() -> None:
    assert "ok      dns.record  2 of 2\n" in TEXT
    assert "ok      smtp.auth   1 of 2\n" in TEXT


def test_a_failure_is_told_with_place_fix_and_source() -> None:
    assert "FAILED  smtp.auth   two\n" in TEXT
    assert "        s.yaml:3:5: error XX001 some-fault: got \\x1b[0m<&>\n" in TEXT
    assert "            fix: mend it  [RFC 5321 §1]\n" in TEXT


def test_what_is_neither_says_why() -> None:
    assert "unknown smtp.relay  x: put off: 451\n" in TEXT
    assert "skipped smtp.size   x: refused\n" in TEXT
    assert "CRASHED tls.name    x: KeyError('x')\n" in TEXT


def test_findings_come_in_the_order_of_the_file() -> None:
    assert TEXT.index("s.yaml:3:5: error") < TEXT.index("s.yaml:9:5: error")


def test_the_last_line_sums_up() -> None:
    last = "verify: 8 checks: 3 passed, 2 failed, 1 unknown, 1 skipped, 1 crashed; "
    assert TEXT.endswith(last + "findings: 3 errors, 1 notice (1.2 s)\n")
    assert render(Report("lint", "s.yaml")) == "lint: no findings (0.0 s)\n"


def test_a_silent_subject_is_told_once() -> None:
    checks = ("smtp.auth", "smtp.greeting")
    silent = tuple(Outcome(c, "mx:25", Verdict.UNKNOWN, why="mx:25 did not answer") for c in checks)
    assert render(Report("verify", "s.yaml", outcomes=silent)).startswith(
        "unknown mx:25: did not answer\n        2 checks: smtp.auth, smtp.greeting\n"
    )


def test_a_plan_says_what_comes_what_goes_and_when_caches_agree() -> None:
    assert render(plan()) == (
        "publish     a.example. MX\n"
        "    + 300 10 b.example.\n"
        "    - 9 `c|d`.\n"
        "    caches expire 1 h after publication\n"
        "cached      a.example. TXT\n"
        "    - v=spf1 -all\n"
        "    caches expire in 1 min 30 s\n"
        "propagating b.example. A: missing at ns2\n"
        "    + 60 192.0.2.1\n" + "    caches expire 1 min after publication\n"
        "unknown     c.example. A: no answer\n"
        "plan: 5 record sets: 1 publish, 1 propagating, 1 cached, 1 in sync, 1 unknown; no findings (1.0 s)\n"
    )


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59, "59 s"), (3600, "1 h"), (90061, "1 d 1 h 1 min 1 s")]
)
def test_spans_of_time(seconds: int, text: str) -> None:
    assert span(seconds) == text
