"""Links in a machine's tree lead nowhere else, whatever they point to."""

import os
from pathlib import Path

import pytest

from mailconf.lab import below

OWNER = (os.getuid(), os.getgid())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make the root of a machine; the file beside it is not the machine's."""
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "root"
    (root / "run").mkdir(parents=True)
    (root / "run/real").write_text("inside")
    return root


def put(root: Path, path: str, text: str = "new") -> None:
    below.write(root, path, text, OWNER, mode=0o640, changed=1_700_000_000)


def test_a_file_is_read_through_links_within_the_root(root: Path) -> None:
    (root / "var").mkdir()
    (root / "var/run").symlink_to("/run")
    assert below.read(root, "/var/run/real") == "inside"


@pytest.mark.parametrize("target", ["/secret", "../secret", "../../secret", "../../../../secret"])
def test_a_link_out_of_the_root_is_followed_inside_only(root: Path, target: str) -> None:
    (root / "run/link").symlink_to(target)
    with pytest.raises(FileNotFoundError):
        below.read(root, "/run/link")
    (root / "run/absolute").symlink_to(root.parent / "secret")
    with pytest.raises(FileNotFoundError):
        below.read(root, "/run/absolute")


@pytest.mark.parametrize(
    "path", ["/../secret", "../secret", "/run/../../secret", "/a/../../secret"]
)
def test_a_path_that_climbs_ends_below_the_root(root: Path, path: str) -> None:
    put(root, path)
    assert (root / "secret").read_text() == "new"
    assert (root.parent / "secret").read_text() == "outside"


def test_a_link_in_the_place_of_a_file_is_replaced(root: Path) -> None:
    (root / "run/zone").symlink_to(root.parent / "secret")
    put(root, "/run/zone")
    assert not (root / "run/zone").is_symlink()
    assert (root / "run/zone").read_text() == "new"
    assert (root.parent / "secret").read_text() == "outside"


def test_a_link_in_the_place_of_a_directory_leads_below_the_root(root: Path) -> None:
    outside = root.parent / "elsewhere"
    outside.mkdir()
    (root / "etc").symlink_to(outside)
    with pytest.raises(OSError, match=r"etc|elsewhere"):
        put(root, "/etc/hosts")
    with pytest.raises(OSError, match=r"etc|elsewhere"):
        below.make_directory(root, "/etc/made", OWNER, 0o755)
    assert list(outside.iterdir()) == []


def test_magic_links_of_proc_are_refused(root: Path) -> None:
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        below.read(Path("/"), "/proc/self/root/etc/hostname")


def test_what_is_no_file_is_neither_read_nor_waited_for(root: Path) -> None:
    os.mkfifo(root / "run/fifo")
    with pytest.raises(OSError, match="is no regular file"):
        below.read(root, "/run/fifo")
    put(root, "/run/fifo")
    assert (root / "run/fifo").read_text() == "new"


def test_a_written_file_has_its_mode_and_time_and_so_have_directories(root: Path) -> None:
    put(root, "/etc/postfix/main.cf")
    file = (root / "etc/postfix/main.cf").stat()
    assert (file.st_mode & 0o7777, file.st_mtime) == (0o640, 1_700_000_000)
    below.make_directory(root, "/run/lock/made", OWNER, 0o1777)
    below.make_directory(root, "/run/lock/made", OWNER, 0o1777)
    assert (root / "run/lock/made").stat().st_mode & 0o7777 == 0o1777
    assert [path.name for path in (root / "etc/postfix").iterdir()] == ["main.cf"]
