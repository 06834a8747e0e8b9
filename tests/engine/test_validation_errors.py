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
            "found key 'adresses', wanted one of",
            "did you mean 'addresses'?",
            id="suggestion",
        ),
        pytest.param(
            "addresses", "xyz", "wanted one of addresses,", "remove it, or correct", id="none"
        ),
        pytest.param(
            "[192.0.2.25]", "[]", "found an empty list, wanted at least one", "", id="empty"
        ),
        pytest.param(
            "[192.0.2.25]", "[a]", "found 'a', wanted an IPv4 or IPv6 address", "", id="value"
        ),
        pytest.param("{alice: {}}", "[alice]", "found a list, wanted a map", "", id="list"),
        pytest.param("version: 1", "version: '1'", "found '1', wanted 1", "", id="literal"),
        pytest.param(
            "{alice: {}}", "{alice: {quota: big}}", "wanted a number with a unit", "", id="size"
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
