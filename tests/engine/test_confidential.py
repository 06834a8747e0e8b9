"""A secret that stands where its reference belongs, or near it, is in no report of any format."""

from pathlib import Path

import pytest

from mailconf.engine.build import read
from mailconf.engine.confidential import NOT_SHOWN, spell
from mailconf.engine.load import load
from mailconf.engine.texts import SpecFileError
from mailconf.model.finding import Finding
from mailconf.model.outcome import Report
from mailconf.report.formats import FORMATS
from tests.engine.specs import GOOD, parsed, written

MAILBOX = "mailboxes: {alice: {}}"


def in_a_plugin(text: str) -> str:
    return f"{GOOD}plugins: {{{text}}}\n"


def of_the_domain(text: str) -> str:
    return GOOD.replace(MAILBOX, f"{MAILBOX}\n    {text}")


def of_the_mailbox(text: str) -> str:
    return GOOD.replace("alice: {}", text)


SPECS = {
    "password": of_the_mailbox("alice: {password: hunter2}"),
    "number": of_the_mailbox("alice: {password: 90210234}"),
    "hash": of_the_mailbox("alice: {password: '{SHA512-CRYPT}$6$hunter2'}"),
    "list": of_the_mailbox("alice: {password: [hunter2]}"),
    "mailbox itself": of_the_mailbox("alice: hunter2"),
    "all mailboxes": GOOD.replace(MAILBOX, "mailboxes: hunter2"),
    "the domain": GOOD[: GOOD.index("example.org:")] + "example.org: hunter2\n",
    "beside": of_the_mailbox("alice: {quota: hunter2}"),
    "in a list beside": of_the_mailbox("alice: {send_as: ['hunter2 <x>']}"),
    "no colon": of_the_mailbox("alice: {password=hunter2}"),
    "as a key": of_the_mailbox("alice: {'password: hunter2': 1}"),
    "smarthost": of_the_domain("smarthost: {host: a.example, username: u, password: hunter2}"),
    "all of the smarthost": of_the_domain("smarthost: hunter2"),
    "with the user": of_the_domain("smarthost: {host: a.example, username: 'u:hunter2'}"),
    "in the host": of_the_domain("smarthost: {host: 'u:hunter2@a.example'}"),
    "label of the host": of_the_domain("smarthost: {host: 'u.hunter2-.example'}"),
    "port": of_the_domain("smarthost: {host: a.example, port: hunter2}"),
    "defaults": f"{GOOD}defaults: hunter2\n",
    "plugins": f"{GOOD}plugins: hunter2\n",
    "SRS": in_a_plugin("postsrsd: {domain: example.org, secret: hunter2}"),
    "SRS domain": in_a_plugin("postsrsd: {domain: 'hunter2!'}"),
    "sql": in_a_plugin("dovecot: {sql: {driver: hunter2}}"),
    "sql password": in_a_plugin("dovecot: {sql: {driver: mysql, password: hunter2}}"),
    "ldap": in_a_plugin("dovecot: {ldap: {uris: ['ldaps://u:hunter2@a'], base: x}}"),
    "oauth2": in_a_plugin("dovecot: {oauth2: {introspection_url: 'https://u:hunter2@a.example/'}}"),
    "logins": in_a_plugin("round_trip: {logins: {alice@example.org: hunter2}}"),
    "all logins": in_a_plugin("round_trip: {logins: hunter2}"),
    "logins reversed": in_a_plugin("round_trip: {logins: {'hunter2 !': alice@example.org}}"),
    "dkim": of_the_domain("dkim: {selectors: {s1: {private_key: hunter2}}}"),
    "dkim state": of_the_domain("dkim: {selectors: {s1: {state: hunter2}}}"),
    "selector": of_the_domain("dkim: {selectors: {s1: hunter2}}"),
    "key elsewhere": of_the_domain("catch_all: '-----BEGIN PRIVATE KEY----- hunter2'"),
    "tag": of_the_mailbox("alice: {password: !hunter2 x}"),
    "alias": of_the_mailbox("alice: {password: *hunter2}"),
}  # fmt: skip


def findings_of(directory: Path, text: str) -> tuple[Finding, ...]:
    try:
        return parsed(directory, text).findings
    except SpecFileError as why:
        return (why.finding,)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in SPECS.items()])
def test_no_format_shows_it(tmp_path: Path, text: str) -> None:
    findings = findings_of(tmp_path, text)
    assert findings
    reports = [write(Report("lint", "s.yaml", findings)) for write in FORMATS.values()]
    told = [one for one in (*reports, repr(findings)) if "hunter2" in one or "90210234" in one]
    assert told == []


def test_two_files_that_contradict_show_no_password(tmp_path: Path) -> None:
    written(tmp_path, GOOD.replace("domains:", "domains:\n  example.net: {}"), "more.yaml")
    text = "include: [more.yaml]\n" + of_the_mailbox("alice: {password: hunter2}")
    (tmp_path / "more.yaml").write_text(of_the_mailbox("alice: {password: hunter3}"))
    (finding,) = load(written(tmp_path, text)).findings
    assert "hunter" not in finding.message
    assert NOT_SHOWN in finding.message


def test_what_two_files_say_is_shown_otherwise(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(of_the_mailbox("alice: {password: ref+env://A}"))
    text = "include: [more.yaml]\n" + of_the_mailbox("alice: {password: ref+env://B}")
    (finding,) = load(written(tmp_path, text)).findings
    assert "is 'ref+env://B' here but 'ref+env://A' at" in finding.message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (GOOD.replace("[192.0.2.25]", "[elsewhere]"), "is 'elsewhere'"),
        (of_the_domain("smarthost: {host: a.example, port: 70000}"), "port is 70000"),
        (GOOD.replace("hostname: mail.example.org", "hostname: true"), "is true; expected text"),
        (of_the_mailbox("alice: {password: }\n").replace("password: ", "password: {}"), "a map"),
    ],
)
def test_other_values_are_shown(tmp_path: Path, text: str, shown: str) -> None:
    assert any(shown in finding.message for finding in read(written(tmp_path, text)).findings)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----\nx",
        "{PLAIN}x",
        "$6$salt$hash",
        "$argon2id$v=19$x",
        "https://u:p@a.example/",
    ],
)
def test_what_is_a_secret_by_its_looks_is_not_shown(text: str) -> None:
    assert spell(text) == NOT_SHOWN
