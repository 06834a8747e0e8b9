"""Files are whole or not there, and for their owner alone."""

import os
from pathlib import Path

import pytest

from mailconf.engine.replacing import put_file


def test_a_new_file_is_for_its_owner(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        put_file(tmp_path / "a/report.json", "é\n")
    finally:
        os.umask(before)
    assert (tmp_path / "a/report.json").read_bytes() == "é\n".encode()
    assert (tmp_path / "a/report.json").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path / "a") == ["report.json"]


def test_a_file_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_text("old")
    file.chmod(0o640)
    put_file(file, "new")
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_link_stays_and_leads_to_the_new_text(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    put_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_stream_is_written_to(tmp_path: Path) -> None:
    put_file(Path("/dev/null"), "x")
    assert Path("/dev/null").is_char_device()
    read, write = os.pipe()
    put_file(Path(f"/dev/fd/{write}"), "x\n")
    os.close(write)
    assert os.read(read, 10) == b"x\n"
    os.close(read)


def test_a_redirected_stdout_stays_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "out"
    with file.open("w") as stream:
        number = file.stat().st_ino
        put_file(Path(f"/proc/self/fd/{stream.fileno()}"), "x\n")
    assert (file.stat().st_ino, file.read_text()) == (number, "x\n")


def test_nothing_is_left_of_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report"
    file.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put_file(file, "new")
    assert os.listdir(tmp_path) == ["report"]
    assert file.read_text() == "old"


def test_odd_characters_are_escaped(tmp_path: Path) -> None:
    put_file(tmp_path / "x", '"\udc80"')
    assert (tmp_path / "x").read_bytes() == b'"\\udc80"'
