"""A folder: what lies below is read and written, links lead nowhere, and nothing hangs."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from mailconf.disk.folder import Folder, read_named
from mailconf.formats.paths import PathRefusedError
from tests.disk.fullness import no_space


def tree(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    return root


def test_files_are_read_written_renamed_and_removed(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.write("a/b/c", b"text", 0o600)
        assert (tmp_path / "a/b/c").stat().st_mode & 0o777 == 0o600
        folder.rename("a/b/c", "d/e")
        assert folder.read("d/e") == b"text"
        folder.remove("d/e")
        assert folder.names("d") == []
        folder.remove_tree("a")
        assert folder.names() == ["d"]


def test_octets_that_are_no_text_are_shown_as_escapes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x\xff\r\n")
    assert Folder(tmp_path).text("a") == "x\\xff\r\n"


def test_a_folder_that_does_not_exist_is_empty_until_it_is_made(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "a/b")
    assert (folder.names(), folder.glob("*")) == ([], [])
    with pytest.raises(FileNotFoundError):
        folder.read("x")
    with pytest.raises(FileNotFoundError):
        folder.require()
    folder.make()
    folder.write("x", b"", 0o644)
    assert folder.names() == ["x"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        Folder(tmp_path / "file")


def fifo(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def itself(path: Path) -> None:
    path.symlink_to(path.name)


KINDS = [
    pytest.param(fifo, "a FIFO", id="FIFO"),
    pytest.param(listening, "a socket", id="socket"),
    pytest.param(device, "a symbolic link", id="link to a device"),
    pytest.param(itself, "a symbolic link", id="link to itself"),
    pytest.param(Path.mkdir, "a folder", id="folder"),
]


@pytest.mark.parametrize(("make", "found"), KINDS)
def test_what_is_no_regular_file_is_not_read(
    tmp_path: Path, make: Callable[[Path], None], found: str
) -> None:
    make(tmp_path / "x")
    with pytest.raises(PathRefusedError) as caught:
        Folder(tmp_path).read("x")
    assert (caught.value.path, caught.value.found) == ("x", found)


@pytest.mark.parametrize("at", ["/dev/zero", "/dev/null", "/"])
def test_what_the_operator_names_must_be_a_regular_file_too(at: str) -> None:
    with pytest.raises(PathRefusedError):
        read_named(Path(at))


def test_a_fifo_that_the_operator_names_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    with pytest.raises(PathRefusedError, match=r"a FIFO; expected a regular file$"):
        read_named(tmp_path / "x")


def test_a_file_may_be_named_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("text")
    (tmp_path / "link").symlink_to("x")
    assert read_named(tmp_path / "link") == b"text"


def test_large_files_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    with pytest.raises(PathRefusedError, match="a file of 5 octets; expected at most 4 octets"):
        Folder(tmp_path).read("x", 4)
    assert Folder(tmp_path).read("x", 5) == b"12345"


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="Linux has /proc")
def test_a_file_that_hides_its_size_is_bounded_too() -> None:
    with pytest.raises(PathRefusedError, match="expected at most 4 octets"):
        read_named(Path("/proc/self/status"), 4)


METHODS: list[Callable[[Folder, str], object]] = [
    Folder.read,
    Folder.kind,
    Folder.remove,
    Folder.names,
    Folder.remove_tree,
    lambda folder, path: folder.write(path, b"", 0o644),
    lambda folder, path: folder.make_below(path, 0o755),
    lambda folder, path: folder.rename(path, "new"),
    lambda folder, path: folder.rename("x", path),
]
NAMES = [
    "read",
    "kind",
    "remove",
    "names",
    "remove_tree",
    "write",
    "make_below",
    "rename_from",
    "rename_to",
]


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
@pytest.mark.parametrize("path", ["../victim/x", "/etc/x", "link/x", "a/../../victim/x", "x\0"])
def test_no_method_leaves_the_folder(
    tmp_path: Path, method: Callable[[Folder, str], object], path: str
) -> None:
    victim, root = tree(tmp_path / "victim", "x"), tree(tmp_path / "root", "x", "a/y")
    (root / "link").symlink_to(victim)
    with pytest.raises(PathRefusedError):
        method(Folder(root), path)
    assert os.listdir(victim) == ["x"]
    assert (victim / "x").read_text() == "x"


def test_a_folder_stays_the_one_that_was_opened(tmp_path: Path) -> None:
    root, victim = tree(tmp_path / "root", "x"), tree(tmp_path / "victim", "y")
    folder = Folder(root)
    root.rename(tmp_path / "moved")
    root.symlink_to(victim)
    folder.write("new", b"", 0o644)
    assert sorted(os.listdir(tmp_path / "moved")) == ["new", "x"]
    assert os.listdir(victim) == ["y"]


def test_a_folder_that_is_swapped_for_a_link_between_two_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, victim = tree(tmp_path / "root", "a/b/x"), tree(tmp_path / "victim", "x")
    real = os.open

    def swapping(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "b":
            (root / "a/b").rename(root / "a/old")
            (root / "a/b").symlink_to(victim)
        return real(path, flags, mode, dir_fd=dir_fd)

    folder = Folder(root)
    monkeypatch.setattr(os, "open", swapping)
    with pytest.raises(PathRefusedError, match="'a/b' is a symbolic link"):
        folder.read("a/b/x")


def test_a_file_that_is_swapped_for_a_link_after_it_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, victim = tree(tmp_path / "root", "x"), tree(tmp_path / "victim", "secret")
    real = os.open

    def swapping(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "x":
            (root / "x").unlink()
            (root / "x").symlink_to(victim / "secret")
        return real(path, flags, mode, dir_fd=dir_fd)

    folder = Folder(root)
    monkeypatch.setattr(os, "open", swapping)
    with pytest.raises(PathRefusedError, match="'x' is a symbolic link"):
        folder.read("x")


def test_a_link_at_the_end_is_removed_and_replaced_itself(tmp_path: Path) -> None:
    root, victim = tree(tmp_path / "root", "new"), tree(tmp_path / "victim", "x")
    for name in ("one", "two"):
        (root / name).symlink_to(victim / "x")
    folder = Folder(root)
    folder.remove("one")
    folder.rename("new", "two")
    assert (victim / "x").read_text() == "x"
    assert folder.names() == ["two"]


def test_trees_that_are_too_deep_are_not_removed(tmp_path: Path) -> None:
    (tmp_path / "/".join(["a"] * 70)).mkdir(parents=True)
    with pytest.raises(PathRefusedError, match="at most 64 segments"):
        Folder(tmp_path).remove_tree("a")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.yaml", ["a.yaml", "b.yaml"]),
        ("d/*.yaml", ["d/a.yaml", "d/x.yaml"]),
        ("*/x.yaml", ["d/x.yaml", "e/x.yaml"]),
        ("**/x.yaml", ["d/x.yaml", "e/f/x.yaml", "e/x.yaml"]),
        ("e/**/x.yaml", ["e/f/x.yaml", "e/x.yaml"]),
        ("[ab].yaml", ["a.yaml", "b.yaml"]),
        ("d", ["d"]),
        ("none/*", []),
        ("a.yaml/*", []),
    ],
)
def test_patterns(tmp_path: Path, pattern: str, found: list[str]) -> None:
    tree(tmp_path, "a.yaml", "b.yaml", "d/a.yaml", "d/x.yaml", "e/x.yaml", "e/f/x.yaml")
    assert Folder(tmp_path).glob(pattern) == found


@pytest.mark.parametrize("pattern", ["*/x", "link/x", "link/*"])
def test_patterns_do_not_lead_through_links(tmp_path: Path, pattern: str) -> None:
    victim, root = tree(tmp_path / "victim", "x"), tree(tmp_path / "root", "a/x")
    (root / "link").symlink_to(victim)
    with pytest.raises(PathRefusedError, match="'link' is a symbolic link; expected a folder"):
        Folder(root).glob(pattern)
    assert Folder(root).glob("**/x") == ["a/x"]


@pytest.mark.parametrize("pattern", ["../*", "/etc/*", "", ".", "*/..", "a\0*"])
def test_patterns_that_leave(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(PathRefusedError):
        Folder(tmp_path).glob(pattern)


def test_errors_name_the_file(tmp_path: Path) -> None:
    tree(tmp_path, "a/x")
    with pytest.raises(FileExistsError) as caught:
        Folder(tmp_path).write("a/x", b"", 0o644)
    assert caught.value.filename == str(tmp_path / "a/x")


@pytest.mark.parametrize("write", [Folder.write, Folder.put])
def test_a_disk_that_is_full_leaves_nothing(
    tmp_path: Path, write: Callable[[Folder, str, bytes, int], None]
) -> None:
    with Folder(tmp_path) as folder:
        with no_space(), pytest.raises(OSError, match="too large"):
            write(folder, "keys/a.pem", b"x", 0o600)
        assert folder.names("keys") == []
        write(folder, "keys/a.pem", b"x", 0o600)
        assert folder.names("keys") == ["a.pem"]


def test_what_is_put_takes_the_place_of_a_file_at_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / ".a.new").write_text("left over")
    with Folder(tmp_path) as folder:
        folder.put("a", b"new", 0o600)
        assert folder.names() == ["a"]
        assert (folder.read("a"), (tmp_path / "a").stat().st_mode & 0o777) == (b"new", 0o600)
        (tmp_path / "b").mkdir()
        with pytest.raises(IsADirectoryError):
            folder.put("b", b"new", 0o600)
        assert folder.names() == ["a", "b"]
