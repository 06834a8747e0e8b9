"""pydantic's errors in the operator's words."""

from pathlib import Path

import pytest

from tests.engine.specs import GOOD, parsed


@pytest.mark.parametrize(
    ("old", "new", "message", "fix"),
    [
        pytest.param(
            "addresses",
            "adresses",
            "unknown key 'adresses'; expected one of",
            "did you mean 'addresses'?",
            id="suggestion",
        ),
        pytest.param(
            "addresses", "xyz", "expected one of addresses,", "remove it, or correct", id="none"
        ),
        pytest.param(
            "[192.0.2.25]",
            "[]",
            "addresses is an empty list; expected at least one",
            "",
            id="empty",
        ),
        pytest.param(
            "[192.0.2.25]", "[a]", "is 'a'; expected an IPv4 or IPv6 address", "", id="value"
        ),
        pytest.param(
            "{alice: {}}", "[alice]", "mailboxes is a list; expected a map", "", id="list"
        ),
        pytest.param("version: 1", "version: '1'", "version is '1'; expected 1", "", id="literal"),
        pytest.param(
            "{alice: {}}", "{alice: {quota: big}}", "expected a number with a unit", "", id="size"
        ),
        pytest.param("mail.example.org", "mail.exa_mple.org", "which has no '_'", "", id="name"),
    ],
)
def test_words(tmp_path: Path, old: str, new: str, message: str, fix: str) -> None:
    findings = parsed(tmp_path, GOOD.replace(old, new, 1)).findings
    assert any(message in f.message and fix in f.fix for f in findings), findings


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    finding = parsed(tmp_path, GOOD.replace("192.0.2.25", "x" * 500)).findings[0]
    assert len(finding.message) < 200
