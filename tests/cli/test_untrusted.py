"""Specs and trees of strangers, on the command line: nothing is read, run or written for them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import GOOD, ROOT, contents, mailconf, site

FREE = GOOD + "plugins: {postfix: {main_cf: {debugger_command: 'sh -c id'}}}\n"
COMMANDS = [
    pytest.param(["lint", "SPEC"], id="lint"),
    pytest.param(["render", "SPEC", "-o", "OUT"], id="render"),
    pytest.param(["render", "SPEC", "-o", "OUT", "--check"], id="render --check"),
    pytest.param(["diff", "SPEC", "-o", "OUT"], id="diff"),
    pytest.param(["verify", "SPEC", "--offline", "OUT"], id="verify"),
    pytest.param(["plan", "SPEC"], id="plan"),
    pytest.param(["lab", "run", "SPEC"], id="lab run"),
    pytest.param(["lab", "inside", "SPEC"], id="lab inside"),
    pytest.param(["keys", "new", "SPEC"], id="keys new"),
    pytest.param(["keys", "status", "SPEC"], id="keys status"),
    pytest.param(["keys", "rotate", "SPEC"], id="keys rotate"),
    pytest.param(["keys", "tls", "SPEC", "PEM", "--host", "mail"], id="keys tls"),
]


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    found = site(tmp_path / "site")
    assert mailconf("render", found, "-o", tmp_path / "out").status == 0
    return found


def arguments(words: list[str], spec: Path) -> list[object]:
    out, pem = spec.parent.parent / "out", next(spec.parent.glob("keys/*.pem"))
    return [{"SPEC": spec, "OUT": out, "PEM": pem}.get(word, word) for word in words]


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_that_reads_a_spec_refuses_free_text(spec: Path, words: list[str]) -> None:
    spec.write_text(FREE)
    before = contents(spec.parent.parent)
    done = mailconf(*arguments(words, spec), "--untrusted")
    assert done.status in (1, 2)
    assert "CFG065" in done.stdout + done.stderr
    assert contents(spec.parent.parent) == before


@pytest.mark.parametrize(("value", "refused"), [("1", True), ("true", True), ("0", False)])
def test_the_environment_says_so_too(spec: Path, value: str, refused: bool) -> None:
    spec.write_text(FREE)
    done = mailconf("lint", spec, MAILCONF_UNTRUSTED=value)
    assert ("CFG065" in done.stdout) is refused


@pytest.mark.parametrize(
    "words",
    [
        ["lint", "SPEC"],
        ["render", "SPEC", "-o", "OUT", "--check"],
        ["diff", "SPEC", "-o", "OUT", "--exit-code"],
        ["keys", "status", "SPEC"],
        ["verify", "SPEC", "--offline", "OUT"],
    ],
    ids=lambda words: words[0],
)
def test_a_plain_spec_passes(spec: Path, words: list[str]) -> None:
    done = mailconf(*arguments(words, spec), "--untrusted")
    assert done.status == 0, done


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["render", "SPEC", "-o", "OUT", "--secrets"], "leave it out with --untrusted"),
        (["verify", "SPEC", "--intrusive"], "cannot be combined with --untrusted"),
        (["render", "SPEC", "-o", "OUT", "--templates", "TEMPLATES"], "in the spec's checkout"),
    ],
)
def test_options_that_do_what_the_spec_says(spec: Path, words: list[str], said: str) -> None:
    (spec.parent / "templates").mkdir()
    templates = str(spec.parent / "templates")
    given = [templates if word == "TEMPLATES" else word for word in words]
    done = mailconf(*arguments(given, spec), "--untrusted")
    assert (done.status, said in done.stderr) == (2, True)


def test_templates_of_the_operator_outside_the_checkout_stay(spec: Path, tmp_path: Path) -> None:
    own = tmp_path / "own/hosts/ptr.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("mine\n")
    tree = tmp_path / "tree"
    done = mailconf(
        "render", spec, "-o", tree, "--untrusted", "--templates", tmp_path / "own"
    )  # fmt: skip
    assert done.status == 0
    assert (tree / "dns/ptr.txt").read_text() == "mine\n"
    (tmp_path / ".git").mkdir()
    done = mailconf("render", spec, "-o", tree, "--untrusted", "--templates", tmp_path / "own")
    assert done.status == 2


LOCAL = GOOD.replace("192.0.2.25", "127.0.0.1").replace("alice: {}", "alice: {}, bob: {}")


@pytest.mark.parametrize("allowed", [False, True])
def test_no_private_address_is_connected_to_unless_it_is_allowed(
    tmp_path: Path, allowed: bool
) -> None:
    spec = site(tmp_path, LOCAL + "protocols: {submission: {port: 1}}\n")
    only = ["--only", "smtp.*", "--resolver", "127.0.0.1:1", "--report", "json"]
    extra = ["--allow-private"] if allowed else []
    done = mailconf("verify", spec, "--untrusted", *only, *extra)
    said = "has the address 127.0.0.1, which is not public"
    assert (said in done.stdout) is not allowed, done.stderr


def test_the_operator_says_where_a_host_is(tmp_path: Path) -> None:
    spec = site(tmp_path, LOCAL)
    given = ["--connect", "mail.example.org=127.0.0.1", "--resolver", "127.0.0.1:1"]
    done = mailconf("verify", spec, "--untrusted", "--only", "smtp.*", *given, "--report", "json")
    assert "is not public" not in done.stdout


# Trees of strangers.


def stranger(out: Path, *entries: dict[str, str]) -> None:
    body = json.loads((out / "manifest.json").read_text())
    body["files"] += entries
    (out / "manifest.json").write_text(json.dumps(body))


def test_a_manifest_shows_and_removes_nothing_outside(spec: Path, tmp_path: Path) -> None:
    out, victim = tmp_path / "out", tmp_path / "victim.txt"
    victim.write_text("hunter2\n")
    stranger(
        out,
        {"path": "/proc/self/environ", "sha256": "x"},
        {"path": "../victim.txt", "sha256": ""},
        {"path": str(victim), "sha256": ""},
    )
    for words in (["diff"], ["render", "--diff"], ["render", "--check"], ["render"]):
        done = mailconf(words[0], spec, "-o", out, *words[1:], CANARY="canary-in-environment")
        assert done.status == 1
        assert "CFG062" in done.stderr
        assert "hunter2" not in done.stdout + done.stderr
        assert "canary-in-environment" not in done.stdout + done.stderr
        assert victim.read_text() == "hunter2\n"
    assert mailconf("render", spec, "-o", out).status == 0


def test_links_in_a_tree_are_neither_shown_nor_written_through(spec: Path, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret").write_text("hunter2\n")
    (out / "dns/ptr.txt").unlink()
    (out / "dns/ptr.txt").symlink_to(elsewhere / "secret")
    (out / "hosts/mail/etc").rename(out / "hosts/mail/old")
    (out / "hosts/mail/etc").symlink_to(elsewhere)
    for words in (["diff"], ["render", "--diff"], ["render"], ["render", "--force"]):
        done = mailconf(words[0], spec, "-o", out, *words[1:])
        assert done.status == 1
        assert "'dns/ptr.txt' is a symbolic link" in done.stderr
        assert "'hosts/mail/etc' is a symbolic link" in done.stderr
        assert "hunter2" not in done.stdout + done.stderr
    assert contents(elsewhere) == {"secret": b"hunter2\n"}


def test_a_tree_with_links_is_no_world(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    policy = next(out.glob("hosts/*/var/www/mailconf/mta-sts.*/.well-known/mta-sts.txt"))
    (tmp_path / "secret").write_text("hunter2\n")
    policy.unlink()
    policy.symlink_to(tmp_path / "secret")
    done = mailconf("verify", spec, "--offline", out, "--report", "json", "--only", "mta_sts")
    assert "hunter2" not in done.stdout + done.stderr
    (out / "dns/records.json").unlink()
    (out / "dns/records.json").symlink_to(tmp_path / "secret")
    for words in (["verify", "--offline"], ["plan", "--previous"]):
        done = mailconf(words[0], spec, words[1], out)
        assert done.status == 2
        assert "is a symbolic link" in done.stderr


def test_a_fifo_is_waited_for_nowhere(spec: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "out/dns/records.json").unlink()
    os.mkfifo(tmp_path / "out/dns/records.json")
    fifo = tmp_path / "fifo"
    for words in (
        ["lint", fifo],
        ["verify", spec, "--offline", tmp_path / "out"],
        ["plan", spec, "--previous", fifo],
        ["keys", "digest", fifo],
        ["keys", "tls", spec, fifo, "--host", "mail"],
        ["render", spec, "-o", tmp_path / "out"],
    ):
        done = mailconf(*words)
        assert done.status in (1, 2)
        assert "a FIFO" in done.stdout + done.stderr


# Errors of the disk, in words.


def test_a_full_disk_names_the_file(spec: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mailconf", "render", str(spec), "-o", str(tmp_path / "new")]
    limited = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *command]
    done = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"cannot read or write {tmp_path / 'new'}/.mailconf-stage/dns/" in done.stderr
    assert "File too large" in done.stderr


def test_keys_are_not_written_through_a_link(tmp_path: Path) -> None:
    spec = tmp_path / "site/mailconf.yaml"
    spec.parent.mkdir()
    spec.write_text(GOOD)
    (tmp_path / "elsewhere").mkdir()
    (spec.parent / "keys").symlink_to(tmp_path / "elsewhere")
    done = mailconf("keys", "new", spec)
    assert done.status == 2
    assert "'keys' is a symbolic link; expected a folder" in done.stderr
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_folder_of_templates_that_is_missing_is_told(spec: Path, tmp_path: Path) -> None:
    for words in (["render", spec, "-o", tmp_path / "t"], ["diff", spec, "-o", tmp_path / "out"]):
        done = mailconf(*words, "--templates", tmp_path / "none")
        assert done.status == 2
        assert "No such file or directory; expected a folder" in done.stderr


@pytest.mark.parametrize("link", ["../victim", "."])
def test_a_link_in_a_work_tree_leads_to_no_other_spec(tmp_path: Path, link: str) -> None:
    """Whoever wrote the work tree chose where it leads, another work tree included."""
    mine, victim = tmp_path / "pr", tmp_path / "victim"
    for tree in (mine, victim):
        (tree / ".git").mkdir(parents=True)
        site(tree)
    (victim / "mailconf.yaml").write_text("hunter2: {}\n")
    (mine / "conf").symlink_to(link)
    for words in (["lint"], ["keys", "new"]):
        done = mailconf(*words, mine / "conf/mailconf.yaml", "--untrusted")
        assert done.status == 2
        assert "'conf' is a symbolic link" in done.stdout + done.stderr
        assert "hunter2" not in done.stdout + done.stderr
    assert mailconf("lint", mine / "mailconf.yaml", "--untrusted").status == 0


def test_a_parent_of_a_link_is_not_where_the_link_stands(tmp_path: Path) -> None:
    """The kernel follows the link first: `link/..` is a folder that the work tree's author chose."""
    (tmp_path / "pr/.git").mkdir(parents=True)
    (tmp_path / "victim/s").mkdir(parents=True)
    (tmp_path / "victim/private.yaml").write_text("hunter2: {}\n")
    (tmp_path / "pr/p").symlink_to("../victim/s")
    for command in ("lint", "plugins"):
        done = mailconf(command, "p/../private.yaml", "--untrusted", cwd=tmp_path / "pr")
        assert done.status == 2
        assert "hunter2" not in done.stdout + done.stderr
        assert "behind a symbolic link" in done.stdout + done.stderr


def test_a_link_that_a_shell_has_entered_is_one_of_the_work_tree(tmp_path: Path) -> None:
    (tmp_path / "pr/.git").mkdir(parents=True)
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim/private.yaml").write_text("hunter2: {}\n")
    (tmp_path / "pr/d").symlink_to("../victim")
    inside = tmp_path / "pr/d"
    done = mailconf("lint", "private.yaml", "--untrusted", cwd=inside, PWD=str(inside))
    assert done.status == 2
    assert "hunter2" not in done.stdout + done.stderr
    assert "'d' is a symbolic link" in done.stdout + done.stderr
    elsewhere = mailconf("lint", "private.yaml", "--untrusted", cwd=tmp_path / "victim", PWD="/")
    assert "hunter2" in elsewhere.stdout
