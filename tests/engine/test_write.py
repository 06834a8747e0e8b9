"""The tree on disk: staged, compared, renamed; an edit is never lost."""

import json
from pathlib import Path

import pytest

from mailconf.engine.differences import unified
from mailconf.engine.manifest import MANIFEST, digest
from mailconf.engine.write import PRIVATE_DIGESTS, STAGE, Tree, changes, hand_edits, write

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


def manifest_of(*files: tuple[str, str, bool]) -> str:
    return json.dumps({"files": [{"path": p, "sha256": d, "secret": s} for p, d, s in files]})


@pytest.mark.parametrize(
    ("kept", "private", "mode"),
    [
        pytest.param(manifest_of(("sql", "", True)), {}, 0o600, id="by the manifest"),
        pytest.param(manifest_of(("sql", "abc", True)), {}, 0o644, id="by its word alone"),
        pytest.param(manifest_of(("sql", "", False)), {}, 0o644, id="without a digest"),
        pytest.param(manifest_of(("sql", "abc", False)), {"sql": "abc"}, 0o644, id="digests apart"),
        pytest.param("damaged", {}, 0o600, id="by its mode"),
    ],
)
def test_what_was_a_secret_is_one_in_a_difference(
    kept: str, private: dict[str, str], mode: int, tmp_path: Path
) -> None:
    (tmp_path / "sql").write_text("password = hunter2\n")
    (tmp_path / "sql").chmod(mode)
    (tmp_path / MANIFEST).write_text(kept)
    (tmp_path / PRIVATE_DIGESTS).write_text(json.dumps(private))
    for wanted in ({"sql": "password =\n"}, {}):
        found = changes(Tree({**wanted, MANIFEST: "{}"}, frozenset(), ()), tmp_path)
        told = "".join(unified(one) for one in found if one.path == "sql")
        assert "hunter2" not in told
        # Of what no manifest names nothing is known to go.
        assert "it holds secrets" in told or (kept == "damaged" and not wanted)


def test_a_file_that_lost_its_secret_is_followed_as_any_other(tmp_path: Path) -> None:
    """Its digest of before must not make the next change an edit by hand."""
    secret = Tree({"b": "hunter2\n", MANIFEST: manifest_of(("b", "", True))}, frozenset({"b"}), ())
    put(secret, tmp_path)
    for text in ("1\n", "2\n"):
        plain = Tree(
            {"b": text, MANIFEST: manifest_of(("b", digest(text), False))}, frozenset(), ()
        )
        assert hand_edits(changes(plain, tmp_path), tmp_path) == []
        put(plain, tmp_path)
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o644
