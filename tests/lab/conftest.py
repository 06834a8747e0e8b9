"""What the tests of labs share."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.escapes import CANARY


@pytest.fixture(scope="module")
def outside() -> Iterator[Path]:
    """Make a directory that all users of the machine may write to, and a file they may read."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        directory = Path(name)
        (directory / "canary").write_text(CANARY)
        (directory / "canary").chmod(0o666)
        directory.chmod(0o777)
        yield directory
