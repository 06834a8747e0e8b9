"""What a spec runs in a lab stays there: programs that try to get out get nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mailconf.lab.image import ensure, image
from tests.lab.escapes import ATTEMPTS, CANARY
from tests.lab.launching import ROOT, needs_root

pytestmark = [pytest.mark.lab, needs_root]
RELEASES = ("debian-12", "debian-13")
# A lab is started from a terminal, by a user whose session keyring holds a key.
LAUNCH = f"""
import ctypes, fcntl, os, pty, sys, termios
terminal = pty.openpty()
fcntl.ioctl(terminal[1], termios.TIOCSCTTY, 0)
LIBC = ctypes.CDLL(None)
LIBC.syscall(250, 1, None)
LIBC.syscall(248, b"user", b"{CANARY}", b"{CANARY}", {len(CANARY)}, -3)
from mailconf.lab.launch import launch
sys.exit(launch([sys.executable, "-m", "tests.lab.breakout", *sys.argv[1:]]))
"""


def breakout(cell: str, release: str, outside: Path) -> dict[str, dict[str, str]]:
    """Return what each attempt got, by how the program was run."""
    words = [cell, release, str(outside / "canary"), str(outside)]
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MAILCONF_CANARY": CANARY},
        start_new_session=True,
    )
    assert done.returncode == 0, done.stderr
    got: dict[str, Any] = json.loads(done.stdout)
    return got


@pytest.mark.parametrize("release", RELEASES)
def test_a_spec_gets_out_of_no_machine(release: str, outside: Path) -> None:
    if not image(release).root.is_dir():
        pytest.skip(f"no image of {release}: mailconf lab image {release}")
    got = breakout("cell", release, outside)
    nothing = {attempt.__name__: "" for attempt in ATTEMPTS}
    assert got == {"command": nothing, "debugger": nothing, "prepare": nothing}
    assert sorted(path.name for path in outside.iterdir()) == ["canary"]
    assert (outside / "canary").read_text() == CANARY


def test_each_attempt_gets_out_of_what_is_a_root_directory_only(outside: Path) -> None:
    ensure(RELEASES[0])
    (got,) = breakout("chroot", RELEASES[0], outside).values()
    # It needs none, and user_namespaces(7) refuses them to whoever has been given another root.
    assert [name for name, loot in got.items() if not loot] == ["makes_a_namespace"]
    assert (outside / "written").exists()
    (outside / "written").unlink()
