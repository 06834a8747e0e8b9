"""The tree on disk: staged, compared, renamed; an edit is never lost, nothing outside is touched."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from mailconf.disk.folder import Folder
from mailconf.engine.manifest import MANIFEST, digest
from mailconf.engine.recorded import PENDING, PRIVATE_DIGESTS
from mailconf.engine.write import STAGE, Comparison, Tree, compare, hand_edits, write
from mailconf.formats.paths import PathRefusedError
from tests.engine.specs import codes

SECRET = "hosts/mail/b"


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: no test takes the power away."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def tree(secret: tuple[str, ...] = (SECRET, "hosts/mail/c"), **texts: str) -> Tree:
    """Return a tree of files by name: `dns_x` is dns/x, `mail_b` is hosts/mail/b."""
    files = {_path(name): text for name, text in texts.items()}
    listed = [
        {"path": path, "sha256": "" if path in secret else digest(text)}
        for path, text in files.items()
    ]
    return Tree({**files, MANIFEST: json.dumps({"files": listed})}, frozenset(secret), ())


def _path(name: str) -> str:
    top, _, rest = name.partition("_")
    return f"hosts/mail/{rest}" if top == "mail" else f"{top}/{rest}"


TREE = tree(dns_x="1\n", mail_b="2\n")


def compared(wanted: Tree, root: Path) -> Comparison:
    with Folder(root) as folder:
        return compare(wanted, folder)


def put(wanted: Tree, root: Path, keep: tuple[str, ...] = ()) -> list[str]:
    with Folder(root) as folder:
        return write(wanted, compare(wanted, folder), folder, keep)


def kinds(found: Comparison) -> list[tuple[str, str]]:
    return [(change.kind, change.path) for change in found.changes]


def edits(wanted: Tree, root: Path) -> list[str]:
    found = compared(wanted, root)
    return codes(hand_edits(found.changes, found.known))


def record(root: Path, *files: object) -> None:
    """Write a manifest as a stranger would."""
    root.mkdir(exist_ok=True)
    (root / MANIFEST).write_text(json.dumps({"files": files}))


def test_the_first_write_and_the_second(tmp_path: Path) -> None:
    assert sorted(put(TREE, tmp_path)) == ["dns/x", SECRET, MANIFEST]
    assert (tmp_path / "dns/x").read_text() == "1\n"
    assert put(TREE, tmp_path) == []


def test_secret_files_are_for_their_owner_only(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    assert (tmp_path / SECRET).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "dns/x").stat().st_mode & 0o777 == 0o644


def test_nothing_but_the_tree_and_its_digests_is_left(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    assert sorted(os.listdir(tmp_path)) == [PRIVATE_DIGESTS, "dns", "hosts", MANIFEST]


def test_a_write_that_fails_leaves_the_old_files(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    (tmp_path / STAGE).write_text("in the way")
    with pytest.raises(PathRefusedError, match="is a regular file; expected a folder"):
        put(tree(dns_x="new\n", mail_b="2\n"), tmp_path)
    assert (tmp_path / "dns/x").read_text() == "1\n"


def test_a_foreign_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "dns").mkdir()
    (tmp_path / "dns/x").write_text("theirs\n")
    assert edits(TREE, tmp_path) == ["CFG041"]


def test_an_edit_is_told(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    (tmp_path / "dns/x").write_text("theirs\n")
    assert edits(TREE, tmp_path) == ["CFG040"]


def test_files_that_were_never_ours_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    put(TREE, tmp_path)
    assert compared(TREE, tmp_path).changes == ()
    assert (tmp_path / "notes.txt").exists()


def test_what_is_no_longer_rendered_is_removed(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    assert kinds(compared(tree(dns_y="1\n"), tmp_path)) == [
        ("new", "dns/y"),
        ("changed", MANIFEST),
        ("removed", "dns/x"),
        ("removed", SECRET),
    ]
    put(tree(dns_y="1\n"), tmp_path)
    assert not (tmp_path / "dns/x").exists()
    assert not (tmp_path / SECRET).exists()


@pytest.mark.parametrize("path", ["dns/x", SECRET])
def test_an_edited_file_is_not_removed(tmp_path: Path, path: str) -> None:
    put(TREE, tmp_path)
    (tmp_path / path).write_text("edited\n")
    found = compared(tree(dns_y="1\n"), tmp_path)
    assert codes(found.findings) == ["CFG063"]
    assert ("removed", path) not in kinds(found)


def test_only_what_was_asked_for_is_written_and_still_ours_later(tmp_path: Path) -> None:
    put(TREE, tmp_path, keep=(SECRET, MANIFEST))
    assert not (tmp_path / MANIFEST).exists()
    later = tree(dns_x="3\n", mail_b="2\n")
    assert edits(later, tmp_path) == []
    put(later, tmp_path)
    assert not (tmp_path / PENDING).exists()


def test_what_was_secret_on_either_side_stays_secret_in_a_difference(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    plain = tree(secret=(), dns_x="1\n", mail_b="public now\n")
    assert [c.path for c in compared(plain, tmp_path).changes if c.is_secret] == [SECRET]
    for name in (MANIFEST, PRIVATE_DIGESTS):
        (tmp_path / name).unlink()
    assert [c.path for c in compared(plain, tmp_path).changes if c.is_secret] == [SECRET]


# What a stranger may have put into the folder.


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        pytest.param("dns/x", "no file with a path", id="no map"),
        pytest.param({"path": ["dns/x"], "sha256": ""}, "no file with a path", id="no text"),
        pytest.param({"path": None, "sha256": ""}, "no file with a path", id="null"),
        pytest.param({"path": "/etc/passwd", "sha256": ""}, "'/etc/passwd'", id="absolute"),
        pytest.param({"path": "../victim", "sha256": ""}, "'../victim'", id="climbing"),
        pytest.param({"path": "dns/../../victim", "sha256": ""}, "dns/../", id="climbing later"),
        pytest.param({"path": "", "sha256": ""}, "the path ''", id="empty"),
        pytest.param({"path": "dns//x", "sha256": ""}, "dns//x", id="empty segment"),
        pytest.param({"path": "dns/./x", "sha256": ""}, "dns/./x", id="dot"),
        pytest.param({"path": "dns/\0", "sha256": ""}, "the path", id="NUL"),
        pytest.param({"path": "d/" * 70 + "x", "sha256": ""}, "the path", id="deep"),
        pytest.param({"path": "mailconf.yaml", "sha256": ""}, "hosts/KEY/PATH", id="the spec"),
        pytest.param({"path": ".git/HEAD", "sha256": ""}, "hosts/KEY/PATH", id="hidden"),
        pytest.param({"path": "hosts/Mail/x", "sha256": ""}, "hosts/KEY/PATH", id="case"),
        pytest.param({"path": "dns/x", "sha256": 7}, "another digest", id="number"),
        pytest.param({"path": "dns/x", "sha256": "F" * 64}, "another digest", id="no digest"),
    ],
)
def test_an_entry_of_the_manifest_that_mailconf_never_wrote_is_ignored(
    tmp_path: Path, entry: object, said: str
) -> None:
    root, victim = tmp_path / "out", tmp_path / "victim"
    victim.write_text("precious\n")
    record(root, entry)
    found = compared(TREE, root)
    assert codes(found.findings) == ["CFG062"]
    assert said in found.findings[0].message
    put(TREE, root)
    assert victim.read_text() == "precious\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[broken", id="no JSON"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param("[]", id="a list"),
        pytest.param('{"files": 7}', id="a number"),
        pytest.param("\udcff", id="no UTF-8"),
    ],
)
@pytest.mark.parametrize("name", [MANIFEST, PENDING, PRIVATE_DIGESTS])
def test_a_record_that_is_none_is_told_and_replaced(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    if name != MANIFEST and text == '{"files": 7}':
        assert "files" in compared(TREE, tmp_path).findings[0].message
    assert set(codes(compared(TREE, tmp_path).findings)) == {"CFG062"}
    put(TREE, tmp_path)
    assert codes(compared(TREE, tmp_path).findings) == []


def test_a_manifest_of_100_megabytes_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / MANIFEST).open("wb") as stream:
        stream.truncate(100 * 2**20)
    found = compared(TREE, tmp_path)
    assert codes(found.findings) == ["CFG061"]
    assert "a file of 104857600 octets; expected at most 16777216" in found.findings[0].message


def test_many_wrong_entries_are_told_of_once_for_all(tmp_path: Path) -> None:
    record(tmp_path, *[{"path": "../x", "sha256": ""}] * 10_000)
    assert len(compared(TREE, tmp_path).findings) == 20


def test_two_entries_for_one_path_are_both_ignored(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    mine = {"path": "dns/hand", "sha256": digest("mine\n")}
    (tmp_path / "dns/hand").write_text("mine\n")
    record(tmp_path, mine, {**mine, "sha256": digest("other")})
    found = compared(TREE, tmp_path)
    assert "CFG062" in codes(found.findings)
    assert ("removed", "dns/hand") not in kinds(found)


@pytest.mark.parametrize("recorded", ["", digest("other")], ids=["as a secret", "other digest"])
def test_a_manifest_is_no_licence_to_remove_or_show_a_file(tmp_path: Path, recorded: str) -> None:
    (tmp_path / "dns").mkdir()
    (tmp_path / "dns/hand").write_text("mine\n")
    record(tmp_path, {"path": "dns/hand", "sha256": recorded})
    found = compared(TREE, tmp_path)
    assert codes(found.findings) == ["CFG063"]
    assert all("mine" not in change.old for change in found.changes)
    put(TREE, tmp_path)
    assert (tmp_path / "dns/hand").read_text() == "mine\n"


def test_nothing_is_removed_from_folders_that_are_not_rendered_into(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text("known\n")
    record(tmp_path, {"path": "src/app.py", "sha256": digest("known\n")})
    assert codes(compared(TREE, tmp_path).findings) == ["CFG063"]
    put(TREE, tmp_path)
    assert (tmp_path / "src/app.py").exists()


def test_a_spelling_in_other_case_is_not_removed(tmp_path: Path) -> None:
    """On a disk without case it is the file that was just written."""
    put(TREE, tmp_path)
    (tmp_path / "dns/X").write_text("1\n")
    record(tmp_path, {"path": "dns/X", "sha256": digest("1\n")})
    assert ("removed", "dns/X") not in kinds(compared(TREE, tmp_path))


def link(at: Path, to: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.symlink_to(to)


def test_links_are_not_followed(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret").write_text("precious\n")
    link(root / "dns/x", elsewhere / "secret")
    link(root / "hosts/mail", elsewhere)
    found = compared(TREE, root)
    assert [finding.message for finding in found.findings] == [
        "'dns/x' is a symbolic link; expected a regular file; links are not followed",
        "'hosts/mail' is a symbolic link; expected a folder; links are not followed",
    ]
    assert kinds(found) == [("new", MANIFEST)]
    put(TREE, root)
    assert os.listdir(elsewhere) == ["secret"]
    assert (elsewhere / "secret").read_text() == "precious\n"


@pytest.mark.parametrize("name", [MANIFEST, PENDING, PRIVATE_DIGESTS])
def test_a_record_that_is_a_link_is_not_read(tmp_path: Path, name: str) -> None:
    root, victim = tmp_path / "out", tmp_path / "victim"
    record(tmp_path, {"path": "dns/hand", "sha256": digest("mine\n")})
    (tmp_path / MANIFEST).rename(victim)
    before = victim.read_text()
    link(root / name, victim)
    found = compared(TREE, root)
    assert codes(found.findings) == ["CFG061"]
    assert "dns/hand" not in found.known.digests
    put(TREE, root)
    assert victim.read_text() == before


def test_a_stage_that_is_a_link_is_refused(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text("precious\n")
    link(root / STAGE, elsewhere)
    with pytest.raises(PathRefusedError):
        put(TREE, root)
    assert (elsewhere / "file").exists()


def test_a_folder_may_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    put(TREE, tmp_path / "out")
    assert (tmp_path / "real/dns/x").read_text() == "1\n"


def test_a_folder_replaced_by_a_link_after_the_comparison(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x").write_text("precious\n")
    put(TREE, root)
    with Folder(root) as folder:
        later = tree(dns_x="new\n", mail_b="2\n")
        found = compare(later, folder)
        (root / "dns").rename(root / "moved")
        link(root / "dns", elsewhere)
        with pytest.raises(PathRefusedError, match="'dns' is a symbolic link"):
            write(later, found, folder, ())
    assert (elsewhere / "x").read_text() == "precious\n"


def test_another_name_of_a_rendered_file_keeps_its_content(tmp_path: Path) -> None:
    put(TREE, tmp_path)
    os.link(tmp_path / "dns/x", tmp_path / "other")
    put(tree(dns_x="new\n", mail_b="2\n"), tmp_path)
    assert (tmp_path / "other").read_text() == "1\n"


# Ended at any moment.

OLD = tree(dns_x="1\n", dns_gone="1\n", mail_b="2\n", mail_c="1\n")
NEW = tree(dns_x="2\n", dns_more="2\n", mail_b="3\n", mail_c="1\n")
LAST = tree(dns_x="3\n", dns_gone="3\n", mail_b="4\n", mail_c="3\n")
STEPS = ("open", "rename", "unlink", "mkdir", "rmdir", "fsync", "fchmod")


class EndedError(BaseException):
    """The process ends here."""


@contextmanager
def ending_at(
    step: int, monkeypatch: pytest.MonkeyPatch, *, after: bool = False
) -> Iterator[list[str]]:
    """Let the process end before or after its n-th call of the operating system."""
    calls: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            calls.append(name)
            if len(calls) == step and not after:
                raise EndedError
            try:
                return real(*arguments, **named)
            finally:
                if len(calls) == step:
                    raise EndedError

        return call

    with monkeypatch.context() as patched:
        for name in STEPS:
            patched.setattr(os, name, counted(name, getattr(os, name)))
        yield calls


def number_of_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    put(OLD, tmp_path / "counted")
    with ending_at(0, monkeypatch) as calls:
        put(NEW, tmp_path / "counted")
    return len(calls)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_render_that_was_ended_at_any_step_is_taken_up_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    put(LAST, tmp_path / "whole")
    whole = files(tmp_path / "whole")
    steps = number_of_steps(tmp_path, monkeypatch)
    assert steps > 50
    for step in range(1, steps + 1):
        root = tmp_path / str(step)
        put(OLD, root)
        with ending_at(step, monkeypatch, after=after), pytest.raises(EndedError):
            put(NEW, root)
        found = compared(LAST, root)
        assert codes(found.findings) == [], step
        assert hand_edits(found.changes, found.known) == [], step
        put(LAST, root)
        assert files(root) == whole, step


def test_two_renders_in_a_row_that_were_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(LAST, tmp_path / "whole")
    steps = number_of_steps(tmp_path, monkeypatch)
    for step in range(1, steps, 7):
        root = tmp_path / str(step)
        put(OLD, root)
        for wanted, end in ((NEW, step), (OLD, step // 2 + 1), (NEW, steps - step)):
            with ending_at(end, monkeypatch), suppress(EndedError):
                put(wanted, root)
        assert edits(LAST, root) == [], step
        put(LAST, root)
        assert files(root) == files(tmp_path / "whole"), step


def test_an_edit_after_a_render_that_was_ended_is_still_an_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = number_of_steps(tmp_path, monkeypatch)
    root = tmp_path / "out"
    put(OLD, root)
    with ending_at(steps - 20, monkeypatch), pytest.raises(EndedError):
        put(NEW, root)
    (root / "hosts/mail/c").write_text("by hand\n")
    assert edits(LAST, root) == ["CFG040"]


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_full_disk_is_named_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*/dns/x'"):
        put(TREE, tmp_path)
