"""One process at a time writes into a folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailconf.disk.claim import FolderBusyError, claim
from mailconf.disk.folder import Folder

ROOT = Path(__file__).parents[2]
OTHER = """
from pathlib import Path
from mailconf.disk.folder import Folder
folder = Folder(Path({!r}))
folder.claim()
print(flush=True)
input()
"""


def test_a_folder_has_one_writer_until_it_ends(tmp_path: Path) -> None:
    code = OTHER.format(str(tmp_path))
    pipe = subprocess.PIPE
    other = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=pipe, stdout=pipe)
    with other, Folder(tmp_path) as folder:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(FolderBusyError, match="another mailconf is writing here"):
            folder.claim()
        other.kill()
        other.wait()
        folder.claim()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_free_again_once_it_is_closed(tmp_path: Path) -> None:
    for _ in range(2):
        with Folder(tmp_path) as folder:
            folder.claim()


def test_a_folder_that_does_not_exist_cannot_be_claimed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Folder(tmp_path / "none").claim()


def test_what_cannot_be_locked_is_written_all_the_same() -> None:
    descriptor = os.open("/", os.O_PATH)
    claim(descriptor, "/")  # EBADF, as on NFS
    os.close(descriptor)
