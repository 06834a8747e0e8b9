"""The tree on disk: staged, compared, renamed; an edit is never lost."""

from pathlib import Path

import pytest

from mailconf.engine.manifest import MANIFEST
from mailconf.engine.write import STAGE, Tree, changes, hand_edits, write

TREE = Tree({"a/x": "1\n", "b": "2\n", MANIFEST: "{}\n"}, frozenset({"b"}), ())


def put(tree: Tree, root: Path) -> list[str]:
    return write(tree, changes(tree, root), root, ())


def test_the_first_write_and_the_second(tmp_path: Path) -> None:
    assert sorted(put(TREE, tmp_path)) == ["a/x", "b", MANIFEST]
    assert (tmp_path / "a/x").read_text() == "1\n"
    assert put(TREE, tmp_path) == []


def test_secret_files_are_for_their_owner_only(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a/x").stat().st_mode & 0o777 == 0o644


def test_no_stage_is_left(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    assert not (tmp_path / STAGE).exists()


def test_a_write_that_fails_leaves_the_old_files(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    (tmp_path / STAGE).write_text("in the way")
    new = Tree({**TREE.texts, "a/x": "new\n"}, TREE.secret, ())
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        put(new, tmp_path)
    assert (tmp_path / "a/x").read_text() == "1\n"


def test_a_foreign_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("theirs\n")
    edits = hand_edits(changes(TREE, tmp_path), tmp_path)
    assert [finding.rule.code for finding in edits] == ["CFG041"]


def test_files_that_were_never_ours_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    put(TREE, tmp_path)
    assert [change.path for change in changes(TREE, tmp_path)] == []
    assert (tmp_path / "notes.txt").exists()
