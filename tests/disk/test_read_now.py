"""A file that has nothing to give now is an error, not an endless wait or nothing."""

import os
from pathlib import Path

import pytest

from mailconf.disk.read_now import read_now


def test_what_is_there_is_read(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    with (tmp_path / "f").open("rb") as stream:
        assert read_now(stream, 2) == b"ab"


def test_what_has_to_be_waited_for_is_an_error() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(reading, "rb") as stream, pytest.raises(BlockingIOError):
        read_now(stream, 10)
    os.close(writing)
