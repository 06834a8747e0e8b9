"""The text of a spec's file: regular files only, UTF-8, and no waiting."""

import os
from pathlib import Path

import pytest

from mailconf.disk.folder import Folder
from mailconf.engine.texts import SpecFileError, text_below, text_of


def test_texts_are_read(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: é\n")
    assert text_of(tmp_path / "x.yaml") == "a: é\n"
    assert text_below(Folder(tmp_path), "x.yaml") == "a: é\n"


def why(file: Path) -> str:
    with pytest.raises(SpecFileError) as caught:
        text_of(file)
    return caught.value.finding.message


@pytest.mark.parametrize("at", ["/dev/zero", "/dev/tty", "/"])
def test_a_device_or_a_folder_is_not_read(at: str) -> None:
    assert why(Path(at)).startswith(f"cannot read {at}: ")


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    assert why(tmp_path / "x").endswith("it is a FIFO; expected a regular file")


def test_below_the_folder_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to("/etc/passwd")
    with pytest.raises(SpecFileError) as caught:
        text_below(Folder(tmp_path), "x")
    finding = caught.value.finding
    assert (finding.rule.code, finding.place and finding.place.file) == (
        "CFG061",
        str(tmp_path / "x"),
    )
