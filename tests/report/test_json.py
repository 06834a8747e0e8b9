"""JSON: for programs, versioned, with fingerprints that last."""

import json

from mailconf.model.finding import Rule, Severity
from mailconf.report.json import finding_body, fingerprint, render
from tests.report.samples import finding, plan, report

BODY = json.loads(render(report()))


def test_the_schema_is_named() -> None:
    assert BODY["schema"] == "mailconf.report/1"


def test_verdicts_are_counted_by_readers() -> None:
    verdicts = [outcome["verdict"] for outcome in BODY["outcomes"]]
    assert verdicts.count("passed") == 3
    assert set(verdicts) == {"passed", "failed", "unknown", "skipped", "crashed"}


def test_a_finding_carries_the_spec_line() -> None:
    found = BODY["outcomes"][3]["findings"][0]
    assert found["source"] == {"file": "s.yaml", "line": 3, "column": 5}
    assert (found["code"], found["path"]) == ("XX001", "domains.a.example")


def test_a_live_finding_says_what_was_expected_and_what_was_seen() -> None:
    rule = Rule("XX001", "x", Severity.ERROR, "AUTH is {got}", "mend it", expected="AUTH {want}")
    told = finding_body(rule.at("a.example", got="LOGIN\r", want="PLAIN"))
    assert (told["expected"], told["observed"]) == ("AUTH PLAIN", "LOGIN\\r")
    rule = Rule("XX001", "x", Severity.ERROR, "AUTH is missing", "mend it", expected="AUTH")
    assert finding_body(rule.at("a.example"))["observed"] == "AUTH is missing"
    rule = Rule("XX001", "x", Severity.ERROR, "no such host", "mend it")
    told = finding_body(rule.at("a.example"))
    assert (told["expected"], told["observed"]) == ("", "")


def test_a_fingerprint_survives_moved_lines_and_other_values() -> None:
    assert fingerprint(finding(got="x", line=3)) == fingerprint(finding(got="y", line=99))


def test_a_plan_holds_every_set() -> None:
    changes = json.loads(render(plan()))["changes"]
    assert [change["state"] for change in changes] == [
        "publish",
        "cached",
        "propagating",
        "unknown",
        "in sync",
    ]
    assert changes[0] == {
        "name": "a.example.",
        "type": "MX",
        "state": "publish",
        "add": ["10 b.example."],
        "remove": ["9 `c|d`."],
        "ttl": 300,
        "seconds": 3600,
        "why": "",
        "path": "",
    }
