"""Hostile text at the doors of the command line, and secrets in what it writes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import GOOD, Done, contents, mailconf, site

BAD = "\x1b[2J\u202e\x9b1m\n::error::owned\n##[error]x"
DIRTY = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def is_clean(done: Done) -> bool:
    told = done.stdout + done.stderr
    commands = [line for line in told.splitlines() if line.lstrip().startswith("::")]
    return not DIRTY.search(told.replace("\t", "")) and not commands and "##[" not in told


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return site(tmp_path)


COMMANDS = {
    "lint of a file": ("lint", f"{BAD}.yaml"),
    "render": ("render", f"{BAD}.yaml", "-o", "out"),
    "output": ("render", "mailconf.yaml", "-o", f"mailconf.yaml/{BAD}"),
    "environment": ("lint", "mailconf.yaml", "--env", BAD),
    "revision": ("diff", "mailconf.yaml", "--rev", BAD),
    "now": ("keys", "status", "mailconf.yaml", "--now", BAD),
    "domain": ("keys", "new", "mailconf.yaml", "--domain", BAD),
    "resolver": ("verify", "mailconf.yaml", "--resolver", BAD),
    "connect": ("verify", "mailconf.yaml", "--connect", BAD),
    "allow": ("plan", "mailconf.yaml", "--allow", BAD),
    "replay": ("verify", "mailconf.yaml", "--replay", BAD),
    "message": ("inspect", BAD),
    "report": ("lint", "mailconf.yaml", "--report", f"text=mailconf.yaml/{BAD}"),
    "digest": ("keys", "digest", BAD),
    "target": ("lab", "image", BAD),
}


@pytest.mark.parametrize(
    "arguments", [pytest.param(one, id=name) for name, one in COMMANDS.items()]
)
def test_arguments_and_file_names(spec: Path, arguments: tuple[str, ...]) -> None:
    done = mailconf(*arguments, cwd=spec.parent)
    assert done.status != 0
    assert is_clean(done), done


ESCAPED = '"\\e[2J\\u202e\\x9b1m\\n::error::owned ##[error]x"'
SPECS = {
    "key": GOOD.replace("mailboxes:", f"{ESCAPED}: 1\n    mailboxes:"),
    "value": GOOD.replace("192.0.2.25", ESCAPED),
    "domain": GOOD.replace("example.org:", f"{ESCAPED}:"),
    "alias": GOOD.replace("abuse: alice", f"abuse: {ESCAPED}"),
    "plugin": f"{GOOD}plugins: {{{ESCAPED}: {{}}}}\n",
    "include": f"include: [{ESCAPED}]\n{GOOD}",
    "tag": GOOD.replace("alice: {}", "alice: !<\\e> {}"),
    "waiver": f"{GOOD}waivers: [{{code: MX001, reason: {ESCAPED}, where: {ESCAPED}}}]\n",
    "TXT": f"{GOOD}plugins: {{texts: {{records: {{{ESCAPED}: [{ESCAPED}]}}}}}}\n",
    "main.cf": f"{GOOD}plugins: {{postfix: {{main_cf: {{myhostname: {ESCAPED}}}}}}}\n",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in SPECS.items()])
def test_texts_of_the_spec(tmp_path: Path, text: str) -> None:
    (tmp_path / "mailconf.yaml").write_text(text)
    for command in (("lint",), ("render", "-o", tmp_path / "out"), ("diff", "-o", tmp_path)):
        done = mailconf(command[0], tmp_path / "mailconf.yaml", *command[1:])
        assert is_clean(done), done


def test_names_of_included_files(spec: Path) -> None:
    (spec.parent / "more").mkdir()
    (spec.parent / f"more/{BAD.replace('/', '')}.yaml").write_text("domains: {a.example: {x: 1}}")
    spec.write_text(f"include: ['more/*.yaml']\n{spec.read_text()}")
    done = mailconf("lint", spec)
    assert "CFG061" in done.stdout
    assert is_clean(done), done


def test_errors_of_templates(spec: Path, tmp_path: Path) -> None:
    own = tmp_path / "templates/hosts/ptr.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{{ '\x1b[2J\n::error::x' | nothing }}{% \x1b %}")
    done = mailconf("render", spec, "-o", tmp_path / "out", "--templates", tmp_path / "templates")
    assert "CFG034" in done.stderr
    assert is_clean(done), done


def test_a_difference_shows_no_controls(spec: Path) -> None:
    out = spec.parent / "out"
    mailconf("render", spec, "-o", out)
    file = out / "hosts/mail/etc/postfix/main.cf"
    file.write_text(f"{BAD}\n{file.read_text()}")
    for command in (("diff", spec, "-o", out), ("render", spec, "-o", out, "--diff")):
        done = mailconf(*command)
        assert "-\\x1b[2J" in done.stdout
        assert is_clean(done), done


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1", "utf-8"])
def test_a_terminal_that_is_not_utf_8(spec: Path, encoding: str) -> None:
    spec.write_text(spec.read_text().replace("192.0.2.25", "é→\u0416"))
    for name in ("text", "json", "junit", "markdown"):
        command = [sys.executable, "-m", "mailconf", "lint", str(spec), "--report", name]
        environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
        assert done.stderr == b""
        text = done.stdout.decode(encoding)
        if name == "json":
            assert "é→\u0416" in json.loads(text)["findings"][0]["message"]
        elif encoding == "ascii":
            assert "\\u2192" in text or "&#8594;" in text
    done = subprocess.run([*command[:-3], "-x"], capture_output=True, check=False, env=environment)
    assert b"Traceback" not in done.stderr


def test_reports_are_for_their_owner(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("")
    (tmp_path / "old.json").chmod(0o644)
    names = ("new.txt", "new.json", "new.xml", "new.md", "old.json")
    formats = ("text", "json", "junit", "markdown", "json")
    reports = [f"{f}={tmp_path / n}" for f, n in zip(formats, names, strict=True)]
    mailconf("lint", spec, *(word for one in reports for word in ("--report", one)))
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in names}
    assert modes == dict.fromkeys(names[:-1], 0o600) | {"old.json": 0o644}


def test_a_recording_is_for_its_owner(spec: Path, tmp_path: Path) -> None:
    out, file = spec.parent / "out", tmp_path / "recording.json"
    mailconf("render", spec, "-o", out)
    mailconf("verify", spec, "--offline", out, "--record", file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_git_leaves_secrets_out_and_the_tree_is_up_to_date(spec: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    out = tmp_path / "out"
    done = mailconf("render", spec, "-o", out, "--secrets")
    assert f"{out}/.gitignore keeps the secret files out of git" in done.stderr
    subprocess.run(["git", "-C", str(tmp_path), "add", "-A"], check=True)
    asked = ["git", "-C", str(tmp_path), "ls-files"]
    names = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()
    secret = {str(path.relative_to(tmp_path)) for path in out.rglob("*") if is_secret(path)}
    assert len(secret) > 1
    assert secret & set(names) == set()
    assert "out/.gitignore" in names
    for _ in range(2):
        assert mailconf("render", spec, "-o", out, "--secrets", "--check").status == 0
        assert ".gitignore" not in mailconf("render", spec, "-o", out, "--secrets").stderr


def is_secret(path: Path) -> bool:
    return path.is_file() and not path.stat().st_mode & 0o077


def test_outside_of_git_there_is_no_gitignore(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert mailconf("render", spec, "-o", out, "--secrets").status == 0
    assert not (out / ".gitignore").exists()


SQL = (
    "plugins: {dovecot: {sql: {driver: pgsql, dbname: mail, password: ref+env://DATABASE, "
    "password_query: SELECT 1, user_query: SELECT 1}}}\n"
)


@pytest.mark.parametrize("target", ["debian-12", "debian-13"])
def test_a_secret_that_leaves_the_spec_is_not_printed(tmp_path: Path, target: str) -> None:
    text = GOOD.replace("addresses:", f"target: {target}, addresses:")
    spec, out = site(tmp_path, text), tmp_path / "out"
    spec.write_text(text + SQL)
    done = mailconf("render", spec, "-o", out, "--secrets", DATABASE="hunter2#x")
    assert done.status == 0, done
    assert any(b"hunter2" in octets for octets in contents(out).values())
    for left in (text, text + SQL.replace("password: ref+env://DATABASE, ", "")):
        spec.write_text(left)
        for command in (("diff", spec, "-o", out), ("render", spec, "-o", out, "--diff")):
            told = mailconf(*command)
            assert "hunter2" not in told.stdout + told.stderr
            assert "it may hold secrets" in told.stdout


def test_all_missing_secrets_are_named_with_their_lines(tmp_path: Path) -> None:
    spec, out = site(tmp_path), tmp_path / "out"
    text = GOOD.replace("alice: {}", "alice: {password: ref+env://NO_SUCH_ONE}") + SQL
    spec.write_text(text)
    done = mailconf("render", spec, "-o", out, "--secrets", DATABASE="hunter2\nx")
    assert done.status == 2
    assert not out.exists()
    assert (
        f"{spec}:6:25: error CFG070 secret-unusable: ref+env://NO_SUCH_ONE: the variable"
        in done.stderr
    )
    assert "ref+env://DATABASE: the value has 2 lines; expected one line" in done.stderr
    assert "hunter2" not in done.stderr


def test_a_crash_shows_no_secret(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(
        "import mailconf.cli.lint as one\n"
        "from mailconf.cli import main\n"
        "from mailconf.model.hiding import SECRETS\n"
        "def run(*_, **__):\n"
        "    SECRETS.add('hun' + 'ter2x')\n"
        "    raise KeyError('hun' + 'ter2x\\x1b')\n"
        "one.run = run\n"
        "main()\n"
    )
    command = [sys.executable, "run.py", "lint", "x"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "KeyError: '[secret]\\x1b'" in done.stderr
    assert "hunter2x" not in done.stderr
