"""Bad input: where it stands, what was found, what was wanted; and nothing is touched."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import GOOD, contents, mailconf, site

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


def changed(old: str, new: str) -> Callable[[Path], None]:
    assert old in GOOD

    def spoil(spec: Path) -> None:
        spec.write_text(GOOD.replace(old, new))

    return spoil


def octets(data: bytes) -> Callable[[Path], None]:
    def spoil(spec: Path) -> None:
        spec.write_bytes(data)

    return spoil


def missing(spec: Path) -> None:
    spec.unlink()


def directory(spec: Path) -> None:
    """A directory cannot be read as a file, whoever reads it: root could read anything else."""
    spec.unlink()
    spec.mkdir()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(
            changed("  mail: {h", "\tmail: {h"),
            ":3:1: error CFG004 tab-indentation: tab in the indentation; expected spaces",
            id="tab indentation",
        ),
        pytest.param(
            changed("domains:\n", "hosts: {}\ndomains:\n"),
            ":4:1: error CFG005 duplicate-key: duplicate key 'hosts'; first used at ",
            id="duplicate key",
        ),
        pytest.param(
            changed("hostname", "hostnam"),
            ":3:10: error CFG020 unknown-key: unknown key 'hostnam'; expected one of ",
            id="unknown key",
        ),
        pytest.param(
            changed("{alice: {}}", "[alice]"),
            ":6:5: error CFG022 invalid-value: domains.example.org.mailboxes is a list; expected a map",
            id="wrong type",
        ),
        pytest.param(
            changed("domains:\n", "protocols: {imaps: {port: 70000}}\ndomains:\n"),
            ":4:21: error CFG022 invalid-value: protocols.imaps.port is 70000; expected less than or equal to 65535",
            id="port 70000",
        ),
        pytest.param(
            changed("  example.org:", "  exa mple.org:"),
            ":5:3: error CFG024 domain-name-invalid: 'exa mple.org' is not a valid domain name: 'exa mple.org' contains ' '",
            id="domain with a space",
        ),
        pytest.param(missing, ": error CFG001 file-unreadable: cannot read ", id="missing file"),
        pytest.param(
            directory, ": error CFG001 file-unreadable: cannot read ", id="unreadable file"
        ),
        pytest.param(
            changed("{alice: {}}", "{alice: {}}\n    mx: {mial: 10}"),
            ":7:10: error MX020 mx-host-undefined: MX host 'mial' is not defined; expected one of mail",
            id="undefined host",
        ),
        pytest.param(
            changed("abuse: alice", "abuse: alcie"),
            ":7:34: error ADR001 alias-target-unknown: alias abuse@example.org points to alcie@example.org",
            id="alias to nowhere",
        ),
        pytest.param(
            octets(LAUGHS.encode()),
            " nodes from YAML aliases exceeds the limit: 100000 nodes from YAML aliases",
            id="billion laughs",
        ),
        pytest.param(
            octets(b"\x7fELF\x02\x01\x01\x00\x00"),
            ":1:1: error CFG002 file-not-text: the control character U+007F; expected text",
            id="binary file",
        ),
        pytest.param(
            octets(b"version: 1\nhosts: \xff\xfe\n"),
            ":2:8: error CFG002 file-not-text: octet 0xff; expected UTF-8 text",
            id="not UTF-8",
        ),
        pytest.param(
            octets(b"a: \x07\n"),
            ":1:4: error CFG002 file-not-text: the control character U+0007",
            id="control character",
        ),
        pytest.param(octets(b"text"), "CFG007 spec-not-a-map: the file contains text", id="text"),
        pytest.param(octets(b"[]"), "CFG007 spec-not-a-map: the file contains a list", id="list"),
        pytest.param(
            octets(b""), "error CFG007 spec-not-a-map: the file contains nothing", id="empty file"
        ),
    ],
)
def test_bad_input_is_told_and_nothing_is_touched(
    tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    spec, out = site(tmp_path), tmp_path / "out"
    assert mailconf("render", spec, "-o", out).status == 0
    before = contents(out)
    spoil(spec)
    done = mailconf("render", spec, "-o", out)
    assert done.status in (1, 2)
    assert f"{spec}{told}" in done.stdout + done.stderr or told in done.stdout + done.stderr
    assert str(spec) in done.stdout + done.stderr
    assert contents(out) == before


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    spec = tmp_path / "mailconf.yaml"
    spec.write_text(
        "version: 2\n"
        "hosts:\n"
        "  mail: {hostname: localhost, addresses: [300.1.1.1], target: debian-5}\n"
        "protocols: {imap5: {port: 1}, pop3s: yes}\n"
        "plugins: {postfx: {}}\n"
        "domains: {example.org: {mailboxes: {'a b': {}}, dmarc: {policy: maybe}}}\n"
    )
    done = mailconf("lint", spec)
    assert done.status == 2
    lines = [line for line in done.stdout.splitlines() if line.startswith(str(spec))]
    assert len(lines) == 9


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["lint", "SPEC", "--fail-on", "sometimes"], id="severity"),
        pytest.param(["lint", "SPEC", "--report", "pdf"], id="report format"),
        pytest.param(["lint", "SPEC", "--report", "json=/proc/no/such"], id="report path"),
        pytest.param(["lint", "SPEC", "--report", "json", "--report", "text"], id="two on stdout"),
        pytest.param(
            ["lint", "SPEC", "--report", "json=/dev/null", "--report", "junit=/dev/null"],
            id="two into a file",
        ),
        pytest.param(["verify", "SPEC", "--resolver", "ns.example.org"], id="resolver name"),
        pytest.param(["verify", "SPEC", "--resolver", "127.0.0.1:99999"], id="resolver port"),
        pytest.param(["verify", "SPEC", "--connect", "mail.example.org"], id="connect"),
        pytest.param(["verify", "SPEC", "--ca", "/nonexistent.pem"], id="authority"),
        pytest.param(["verify", "SPEC", "--only", "nothing.like.this"], id="no check left"),
        pytest.param(["diff", "SPEC"], id="nothing to compare with"),
        pytest.param(["diff", "SPEC", "--rev", "no-such-revision"], id="unknown revision"),
        pytest.param(["keys", "new", "SPEC", "--domain", "example.com"], id="unknown domain"),
        pytest.param(["keys", "new", "SPEC", "--now", "yesterday"], id="date"),
        pytest.param(["lab", "image", "debian-5"], id="target"),
        pytest.param(["render", "SPEC"], id="missing option"),
        pytest.param(["frobnicate"], id="unknown command"),
    ],
)
def test_bad_arguments_are_a_sentence_and_status_2(tmp_path: Path, arguments: list[str]) -> None:
    spec = site(tmp_path)
    done = mailconf(*[str(spec) if word == "SPEC" else word for word in arguments])
    assert done.status == 2
    assert done.stderr.strip()


@pytest.mark.parametrize("command", ["verify", "plan"])
@pytest.mark.parametrize(
    ("file", "told"),
    [
        pytest.param("none.pem", "No such file or directory", id="missing"),
        pytest.param(".", "no PEM certificates in it", id="a folder"),
        pytest.param("/dev/null", "no PEM certificates in it", id="a device"),
        pytest.param("pipe", "no PEM certificates in it", id="a FIFO"),
        pytest.param("mailconf.yaml", "no PEM certificates in it", id="no PEM"),
        pytest.param("empty.pem", "no PEM certificates in it", id="PEM of nothing"),
    ],
)
def test_a_file_of_no_authorities(tmp_path: Path, command: str, file: str, told: str) -> None:
    site(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    word = "CERTIFICATE-----\n"
    (tmp_path / "empty.pem").write_text(f"-----BEGIN {word}AAAA\n-----END {word}")
    done = mailconf(command, "mailconf.yaml", "--ca", file, cwd=tmp_path)
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr == f"mailconf: --ca {file}: {told}\n"


def test_a_value_that_no_file_can_hold_is_shown_where_it_stands(tmp_path: Path) -> None:
    spec = site(tmp_path, GOOD.replace("{alice: {}}", "{alice: {send_as: ['a#b@example.org']}}"))
    found = mailconf("lint", spec).stdout
    line = spec.read_text().splitlines()[5]
    column = line.index("'a#b") + 1
    assert f"{spec}:6:{column}: error CFG033 value-unrepresentable: " in found


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("load: {users: true}", 8, "load.users is true; expected a number"),
        ("protocols: {imaps: {port: true}}", 21, "port is true; expected a number"),
        ("plugins: {postfix: {limits: {connections: true}}}", 30, "true; expected a number"),
        ("load: {users: '5'}", 8, "load.users is '5'; expected a number"),
        ("plugins: {dovecot: {last_login: 0}}", 21, "last_login is 0; expected true or false"),
        (
            "plugins: {dovecot: {full_text_search: 'yes'}}",
            21,
            "full_text_search is 'yes'; expected true or false",
        ),
        (
            "waivers: [{code: X1, reason: r, until: 86400}]",
            33,
            "until is 86400; expected a day from 1970 to 2999",
        ),
        (
            "waivers: [{code: X1, reason: r, until: 20261130}]",
            33,
            "until is 20261130; expected a day from 1970 to 2999",
        ),
        (
            "waivers: [{code: X1, reason: r, until: [{}]}]",
            33,
            "expected a day from 1970 to 2999",
        ),
        ("plugins: {panel: {enabled: 1}}", 19, "enabled is 1; expected true or false"),
        (
            "plugins: {caa: {issuers: [{domain: ca.example, account: 'https:x'}]}}",
            48,
            "account is 'https:x'; expected a URI (RFC 3986)",
        ),
    ],
)
def test_a_value_is_of_the_kind_that_the_schema_says(
    tmp_path: Path, line: str, column: int, expected: str
) -> None:
    spec = site(tmp_path)
    spec.write_text(spec.read_text() + line + "\n")
    row = len(spec.read_text().splitlines())
    found = mailconf("lint", spec).stdout
    assert f"{spec}:{row}:{column}: error CFG022" in found
    assert expected in found


@pytest.mark.parametrize(("name", "column"), [("dbname", 26), ("username", 42)])
def test_a_database_that_dovecot_2_3_cannot_name_is_shown_where_it_stands(
    tmp_path: Path, name: str, column: int
) -> None:
    values = {"dbname": "mail", "username": "mail", name: "a b"}
    written = ", ".join(f"{key}: '{value}'" for key, value in values.items())
    spec = site(tmp_path)
    host = "hostname: mail.example.org, "
    spec.write_text(
        f"{spec.read_text().replace(host, f'{host}target: debian-12, ')}plugins:\n  dovecot:\n"
        f"    sql: {{driver: mysql, {written}, password_query: q, user_query: q}}\n"
    )
    row = len(spec.read_text().splitlines())
    assert f"{spec}:{row}:{column}: error CFG033" in mailconf("lint", spec).stdout


@pytest.mark.parametrize("version", ["true", "1.0", "'1'", "2"])
def test_a_version_is_the_number_1(tmp_path: Path, version: str) -> None:
    spec = site(tmp_path)
    spec.write_text(spec.read_text().replace("version: 1", f"version: {version}"))
    assert f"{spec}:1:1: error CFG022" in mailconf("lint", spec).stdout


@pytest.mark.parametrize("address", ["true", "3221225985"])
def test_a_number_is_no_address(tmp_path: Path, address: str) -> None:
    spec = site(tmp_path)
    spec.write_text(spec.read_text().replace("192.0.2.25", address))
    assert "expected an IPv4 or IPv6 address" in mailconf("lint", spec).stdout


def test_an_unknown_format_of_reports_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    spec = site(tmp_path)
    for words in (["lint"], ["verify", "--resolver", "127.0.0.1:1"], ["plan"]):
        done = mailconf(words[0], spec, *words[1:], "--report", "yaml")
        assert (done.status, done.stdout) == (2, "")
        assert "--report yaml: expected" in done.stderr
