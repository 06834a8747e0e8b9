"""pydantic's errors in the operator's words."""

from pathlib import Path

import pytest

from mailconf.engine.validation_errors import BAD_VALUE
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


NINES = "9" * 5_000


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "alice: {}",
            "Alice Smith: {}",
            "domains.example.org.mailboxes.Alice Smith is 'Alice Smith'; expected the part before",
            id="a name is no secret",
        ),
        pytest.param(
            "alice: {}",
            "'{PLAIN}hunter2': {}",
            "domains.example.org.mailboxes.[secret] is a value that is not shown; expected the part",
            id="a hash is one",
        ),
        pytest.param(
            "alice: {}",
            "'password=hunter2': {}",
            "domains.example.org.mailboxes.[secret] is a value that is not shown; expected the part",
            id="an option that lost its place",
        ),
        pytest.param(
            "alice: {}",
            "alice: {password: 'ref+env://'}",
            "password is a value that is not shown; expected a reference that names a variable",
            id="no variable",
        ),
        pytest.param(
            "alice: {}",
            "alice: {password: 'ref+exec:// '}",
            "password is a value that is not shown; expected a reference that names a command",
            id="no command",
        ),
        pytest.param(
            "version: 1",
            f"version: 1\nload: {{users: {NINES}}}",
            "…; expected a smaller number",
            id="5000 digits",
        ),
    ],
)
def test_what_is_wanted_of_a_name_or_value(tmp_path: Path, old: str, new: str, told: str) -> None:
    (finding,) = (
        f for f in parsed(tmp_path, GOOD.replace(old, new)).findings if f.rule is BAD_VALUE
    )
    assert told in finding.message
    assert "hunter2" not in finding.message


def test_alternatives_are_told_at_once(tmp_path: Path) -> None:
    more = "plugins: {dovecot: {sql: {driver: mysql, dbname: x, host: x!, password_query: x, user_query: x}}}\n"
    (finding,) = (f for f in parsed(tmp_path, GOOD + more).findings if f.rule is BAD_VALUE)
    assert finding.message.startswith("plugins.dovecot.sql.host is a value that is not shown; ")
    assert finding.message.endswith(" or 'localhost'")
