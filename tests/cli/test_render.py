"""render: deterministic, atomic, and never over somebody's edits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import GOOD, ROOT, contents, mailconf, site

MAIN = "hosts/mail/etc/postfix/main.cf"
PASSWORDS = "hosts/mail/etc/dovecot/passwords"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return site(tmp_path)


@pytest.fixture
def out(spec: Path) -> Path:
    tree = spec.parent / "out"
    assert mailconf("render", spec, "-o", tree).status == 0
    return tree


def test_check_is_silent_about_a_tree_that_is_up_to_date(spec: Path, out: Path) -> None:
    done = mailconf("render", spec, "-o", out, "--check")
    assert (done.status, done.stdout) == (0, "")


def test_check_names_what_differs_and_writes_nothing(spec: Path, out: Path) -> None:
    before = contents(out)
    spec.write_text(GOOD.replace("alice: {}", "alice: {}, carol: {}"))
    done = mailconf("render", spec, "-o", out, "--check")
    assert done.status == 1
    assert "changed hosts/mail/etc/dovecot/users\n" in done.stdout
    assert contents(out) == before


def test_diff_is_unified_and_writes_nothing(spec: Path, out: Path) -> None:
    before = contents(out)
    spec.write_text(GOOD.replace("alice: {}", "alice: {}, carol: {}"))
    done = mailconf("render", spec, "-o", out, "--diff")
    assert done.status == 1
    assert "+carol@example.org:::::::\n" in done.stdout
    assert contents(out) == before


LIMITED = f"{GOOD}plugins: {{postfix: {{message_size: 20M}}}}\n"
DUAL = GOOD.replace("[192.0.2.25]", '[192.0.2.25, "2001:db8::25"]')


@pytest.mark.parametrize("options", [("render", "--check"), ("render",), ("diff",)], ids=" ".join)
@pytest.mark.parametrize(
    ("text", "due"),
    [
        pytest.param(LIMITED, "postfix on mail: reload", id="a limit"),
        pytest.param(DUAL, "postfix on mail: restart (inet_protocols changed)", id="IPv6"),
    ],
)
def test_what_a_deployment_restarts_is_named(
    spec: Path, out: Path, options: tuple[str, ...], text: str, due: str
) -> None:
    spec.write_text(text)
    command, *rest = options
    done = mailconf(command, spec, "-o", out, *rest)
    told = [line for line in done.stderr.splitlines() if line.startswith("postfix on")]
    assert told == [due]


def test_a_file_edited_by_hand_is_reported_and_kept(spec: Path, out: Path) -> None:
    edited = out / MAIN
    edited.write_text(edited.read_text() + "# mine\n")
    done = mailconf("render", spec, "-o", out)
    assert done.status == 1
    assert "CFG040" in done.stderr
    assert MAIN in done.stderr
    assert edited.read_text().endswith("# mine\n")


def test_an_edit_is_still_known_after_another_render(spec: Path, out: Path) -> None:
    edited = out / MAIN
    edited.write_text(edited.read_text() + "# mine\n")
    spec.write_text(GOOD.replace("alice: {}", "alice: {}, carol: {}"))
    for _ in range(2):
        assert mailconf("render", spec, "-o", out).status == 1
    assert edited.read_text().endswith("# mine\n")
    assert "carol" in (out / "hosts/mail/etc/dovecot/users").read_text()


def test_force_overwrites_an_edit(spec: Path, out: Path) -> None:
    edited = out / MAIN
    rendered = edited.read_text()
    edited.write_text("# mine\n")
    assert mailconf("render", spec, "-o", out, "--force").status == 0
    assert edited.read_text() == rendered


def test_a_file_of_somebody_else_is_kept(spec: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "other" / MAIN
    foreign.parent.mkdir(parents=True)
    foreign.write_text("theirs\n")
    done = mailconf("render", spec, "-o", tmp_path / "other")
    assert done.status == 1
    assert "CFG041" in done.stderr
    assert foreign.read_text() == "theirs\n"


def test_what_is_no_longer_rendered_is_removed(spec: Path, out: Path) -> None:
    spec.write_text(GOOD + "plugins: {autoconfig: off}\n")
    assert mailconf("render", spec, "-o", out).status == 0
    assert not list(out.glob("**/config-v1.1.xml"))


def test_only_limits_what_is_written(spec: Path, tmp_path: Path) -> None:
    tree = tmp_path / "dns-only"
    assert mailconf("render", spec, "-o", tree, "--only", "dns/*").status == 0
    dns = ["dns/example.org.zone", "dns/ptr.txt", "dns/records.json"]
    assert sorted(contents(tree)) == [".mailconf-pending", *dns]


def test_what_only_wrote_is_no_edit_later(spec: Path, tmp_path: Path) -> None:
    tree = tmp_path / "dns-first"
    assert mailconf("render", spec, "-o", tree, "--only", "dns/*").status == 0
    spec.write_text(GOOD.replace("192.0.2.25", "192.0.2.26"))
    assert mailconf("render", spec, "-o", tree).status == 0
    assert not (tree / ".mailconf-pending").exists()


def test_secret_files_are_left_out_unless_asked_for(spec: Path, out: Path) -> None:
    key = next(iter(out.glob("**/dkimkeys/*")), None)
    assert key is None
    done = mailconf("render", spec, "-o", out, "--secrets")
    assert done.status == 0
    written = next(iter(out.glob("**/dkimkeys/*")))
    assert written.stat().st_mode & 0o777 == 0o600
    assert written.read_text().startswith("-----BEGIN PRIVATE KEY-----\n")


def test_a_secret_never_reaches_output_or_manifest(spec: Path, out: Path) -> None:
    done = mailconf("render", spec, "-o", out, "--secrets", "--diff")
    assert "PRIVATE KEY" not in done.stdout + done.stderr
    mailconf("render", spec, "-o", out, "--secrets")
    assert "PRIVATE KEY" not in (out / "manifest.json").read_text()


def test_an_edited_secret_file_is_kept_too(spec: Path, out: Path) -> None:
    mailconf("render", spec, "-o", out, "--secrets")
    key = next(iter(out.glob("**/dkimkeys/*")))
    key.write_text("mine\n")
    done = mailconf("render", spec, "-o", out, "--secrets")
    assert done.status == 1
    assert "CFG040" in done.stderr
    assert key.read_text() == "mine\n"
    assert (out / ".mailconf-secrets").stat().st_mode & 0o777 == 0o600


def test_a_missing_secret_is_named_and_nothing_is_written(spec: Path, out: Path) -> None:
    text = GOOD.replace("alice: {}", "alice: {password: ref+env://NO_SUCH_HASH}")
    spec.write_text(text)
    before = contents(out)
    done = mailconf("render", spec, "-o", out, "--secrets")
    assert done.status == 2
    assert "ref+env://NO_SUCH_HASH: the variable is not set" in done.stderr
    assert contents(out) == before


def test_a_password_hash_lands_in_the_secret_file_only(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "alice.hash").write_text("{SHA512-CRYPT}$6$salt$" + "h" * 86 + "\n")
    spec.write_text(GOOD.replace("alice: {}", "alice: {password: ref+file://alice.hash}"))
    tree = tmp_path / "tree"
    assert mailconf("render", spec, "-o", tree, "--secrets").status == 0
    line = "alice@example.org:{SHA512-CRYPT}$6$salt$" + "h" * 86 + "\n"
    assert (tree / PASSWORDS).read_text() == line
    assert [path for path, data in contents(tree).items() if b"$6$salt" in data] == [PASSWORDS]


def test_rendering_is_the_same_under_any_hash_seed(spec: Path, tmp_path: Path) -> None:
    trees = []
    for seed in ("0", "1", "4242"):
        tree = tmp_path / f"seed{seed}"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": "Asia/Tokyo"}
        command = [sys.executable, "-m", "mailconf", "render", str(spec), "-o", str(tree)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=environment)
        trees.append(contents(tree))
    assert trees[0] == trees[1] == trees[2]


def test_errors_in_the_spec_stop_rendering(tmp_path: Path) -> None:
    spec = tmp_path / "mailconf.yaml"
    spec.write_text(GOOD)
    done = mailconf("render", spec, "-o", tmp_path / "out")
    assert done.status == 1
    assert "DKM020" in done.stderr
    assert not (tmp_path / "out").exists()


def test_templates_of_the_operator_come_first(spec: Path, tmp_path: Path) -> None:
    own = tmp_path / "templates/hosts/ptr.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{% for address, name in data %}{{ name }}={{ address }}\n{% endfor %}")
    tree = tmp_path / "tree"
    done = mailconf("render", spec, "-o", tree, "--templates", tmp_path / "templates")
    assert done.status == 0
    assert (tree / "dns/ptr.txt").read_text() == "mail.example.org=192.0.2.25\n"


def test_a_broken_template_is_named_with_its_line(spec: Path, tmp_path: Path) -> None:
    own = tmp_path / "templates/hosts/ptr.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("fine\n{{ data.no_such_thing.at_all }}\n")
    done = mailconf("render", spec, "-o", tmp_path / "t", "--templates", tmp_path / "templates")
    assert done.status == 1
    assert "CFG034" in done.stderr
    assert "hosts/ptr.txt.j2, line 2" in done.stderr


def test_a_secret_that_is_no_longer_rendered_is_not_shown(spec: Path, tmp_path: Path) -> None:
    """A key that has retired leaves the tree; its private half must not end in a log."""
    tree = tmp_path / "with-secrets"
    assert mailconf("render", spec, "-o", tree, "--secrets").status == 0
    private = next(tree.glob("**/*.private")).read_text().splitlines()[1]
    spec.write_text(GOOD + "plugins: {dkim: off}\n")
    for command in (("diff", spec, "-o", tree), ("render", spec, "-o", tree, "--diff")):
        done = mailconf(*command)
        assert "it may hold secrets" in done.stdout
        assert private not in done.stdout + done.stderr


WAITING = """\
import sys
from mailconf.app import render
write = render.write
def waiting(*arguments):
    print("about to write", file=sys.stderr, flush=True)
    sys.stdin.readline()
    return write(*arguments)
render.write = waiting
from mailconf.cli import main
main()
"""


def test_two_renders_do_not_write_into_one_folder_at_a_time(spec: Path) -> None:
    tree = spec.parent / "out"
    command = [sys.executable, "-c", WAITING, "render", str(spec), "-o", str(tree)]
    pipe = subprocess.PIPE
    first = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert first.stderr
    assert first.stderr.readline() == "about to write\n"
    second = mailconf("render", spec, "-o", tree)
    assert (second.status, second.stdout) == (2, "")
    assert second.stderr == f"mailconf: {tree}: another mailconf is writing here\n"
    assert contents(tree) == {}
    # What writes nothing is not kept out.
    assert mailconf("render", spec, "-o", tree, "--check").status == 1
    first.communicate("\n")
    assert first.returncode == 0
    assert mailconf("render", spec, "-o", tree, "--check").status == 0


def test_a_pattern_that_matches_nothing_is_refused(spec: Path) -> None:
    tree = spec.parent / "out"
    done = mailconf("render", spec, "-o", tree, "--only", "dns/*", "--only", "host/*")
    assert (done.status, done.stderr) == (
        2, "mailconf: --only host/*: no path of the tree matches\n",
    )  # fmt: skip
    assert not tree.exists()
    # Secret files that are asked for are named, those of other paths are not.
    done = mailconf("render", spec, "-o", tree, "--only", "dns/*")
    assert (done.status, "contains secrets" in done.stderr) == (0, False)
    done = mailconf("render", spec, "-o", tree, "--only", "*/dkimkeys/*")
    assert done.stderr.count("contains secrets") == 1
    assert "contains secrets (use --secrets): hosts/mail/" in done.stderr
    assert mailconf("render", spec, "-o", tree, "--only", "host/*").status == 2


def test_a_pattern_may_match_what_is_removed(spec: Path, out: Path) -> None:
    spec.write_text(GOOD.replace("mail: {", "mx: {"))
    done = mailconf("render", spec, "-o", out, "--only", "hosts/mail/*")
    assert done.status == 0
    assert not (out / MAIN).exists()


def test_a_hash_that_is_none_is_not_written(spec: Path) -> None:
    text = spec.read_text().replace("alice: {}", "alice: {password: ref+env://ALICE}")
    spec.write_text(text)
    tree = spec.parent / "tree"
    done = mailconf("render", spec, "-o", tree, "--secrets", ALICE="{SHA512-CRYPT}hunter2")
    assert (done.status, tree.exists()) == (1, False)
    assert "DVC017" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
