"""git leaves secret files out, whatever else is in .gitignore."""

import subprocess
from pathlib import Path

import pytest

from mailconf.engine.ignoring import BEGIN, END, ignore, is_in_git

NAMES = ("hosts/mail/etc/dovecot/passwords", "a b/[x]*?!#\\", "#x", "!y")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    out = tmp_path / "out"
    for name in (*NAMES, "hosts/mail/etc/dovecot/users", "passwords"):
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    return out


def added(root: Path) -> set[str]:
    subprocess.run(["git", "-C", str(root), "add", "-A", "."], check=True)
    asked = ["git", "-C", str(root), "ls-files", "-z"]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return {name for name in said.split("\0") if name}


def test_git_adds_the_others_alone(tree: Path) -> None:
    assert is_in_git(tree)
    assert ignore(tree, NAMES)
    assert not ignore(tree, NAMES)
    assert added(tree) == {".gitignore", "hosts/mail/etc/dovecot/users", "passwords"}


@pytest.mark.parametrize("theirs", ["*.bak\n", "*.bak"])
def test_lines_of_others_stay(tree: Path, theirs: str) -> None:
    (tree / ".gitignore").write_text(theirs)
    ignore(tree, ("one",))
    with (tree / ".gitignore").open("a") as stream:
        stream.write("*.orig\n")
    ignore(tree, ("two",))
    text = (tree / ".gitignore").read_text()
    assert text == f"*.bak\n{BEGIN}\n/two\n{END}\n*.orig\n"


def test_elsewhere_there_is_no_git(tmp_path: Path) -> None:
    assert not is_in_git(tmp_path / "not/there/yet")


def test_a_link_is_not_written_through(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("theirs")
    (tree / ".gitignore").symlink_to(tmp_path / "victim")
    ignore(tree, ("one",))
    assert (tmp_path / "victim").read_text() == "theirs"
    assert not (tree / ".gitignore").is_symlink()
    assert (tree / ".gitignore").read_text() == f"{BEGIN}\n/one\n{END}\n"
