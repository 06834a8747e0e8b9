"""What is shown at a terminal while something takes its time."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from mailconf.cli.progress import pace
from tests.cli.running import ROOT, mailconf, site


@pytest.mark.parametrize(
    ("done", "total", "seconds", "told"),
    [
        pytest.param(3, 9, 0.5, "3 of 9", id="too early to tell"),
        pytest.param(50, 200, 5.0, "50 of 200, 10/s, 15 s left", id="under way"),
        pytest.param(100, 100_000, 10.0, "100 of 100000, 10/s, 2 h 46 min left", id="for long"),
        pytest.param(200, 200, 20.0, "200 of 200, 10/s", id="done"),
    ],
)
def test_the_pace(done: int, total: int, seconds: float, told: str) -> None:
    assert pace(done, total, seconds) == told


def at_a_terminal(*arguments: object) -> str:
    """Run the command with its stderr at a terminal; return what that shows."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mailconf", *map(str, arguments)]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "200"}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=theirs, env=environment
    ):
        os.close(theirs)
        shown = b""
        while octets := _read(ours):
            shown += octets
    os.close(ours)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is gone
        return b""


def test_findings_are_shown_as_they_come(tmp_path: Path) -> None:
    spec, out = site(tmp_path), tmp_path / "out"
    assert mailconf("render", spec, "-o", out).status == 0
    file = out / "dns/records.json"
    file.write_text(file.read_text().replace("v=DMARC1; p=reject", "v=DMARC1; p=none"))
    shown = at_a_terminal("verify", spec, "--offline", out)
    assert "verify: " in shown
    assert "error DNS011 record-differs: TXT is v=DMARC1; p=none" in shown
