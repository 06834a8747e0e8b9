"""No command outlives mailconf, prints without end, or runs for ever."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mailconf.disk.child import first_octets

ROOT = Path(__file__).parents[2]
STARTS = re.compile(r"subprocess\.(?:run|Popen|check_output|call)\((?:[^()]|\([^()]*\))*\)")
IN_NAMESPACES = {"rootfs.py", "network.py", "machine.py", "building.py", "confine.py"}
"""Of the lab: they run inside of namespaces, which end as a whole."""


def test_what_a_command_prints_is_read() -> None:
    assert first_octets(["printf", "a\\nb"], 100, 10) == b"a\nb"
    assert first_octets(["true"], 100, 10) == b""


def test_a_command_that_prints_for_ever_is_ended() -> None:
    assert len(first_octets(["yes"], 1000, 10)) == 1001


def test_a_command_that_runs_for_ever_is_ended() -> None:
    begun = time.monotonic()
    for command in (["sleep", "60"], ["sh", "-c", "exec >&-; sleep 60"]):
        with pytest.raises(subprocess.TimeoutExpired):
            first_octets(command, 100, 0.2)
    assert time.monotonic() - begun < 30


def test_a_child_that_holds_the_pipe_is_not_waited_for() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        first_octets(["sh", "-c", "sleep 5 & wait"], 100, 0.2)


@pytest.mark.parametrize(
    ("command", "status"),
    [
        pytest.param(["false"], 1, id="a status"),
        pytest.param(["sh", "-c", "kill -9 $$"], -9, id="a signal"),
    ],
)
def test_a_command_that_fails(command: list[str], status: int) -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        first_octets(command, 100, 10)
    assert caught.value.returncode == status


def test_a_command_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        first_octets(["no-such-command-at-all"], 100, 10)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_command_ends_with_us(tmp_path: Path, number: signal.Signals) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    command = ["sh", "-c", f"exec 3>{pipe}; echo x >&3; exec sleep 60"]
    code = f"from mailconf.disk.child import first_octets; first_octets({command}, 1, 60)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as ours, pipe.open("rb") as alive:
        assert alive.readline() == b"x\n"
        ours.send_signal(number)
        # The end of the pipe: the command, which held it, is gone as well.
        assert alive.read() == b""
    assert ours.returncode == -number


def test_every_command_that_is_started_ends_with_us() -> None:
    starts = {
        f"{path.name}: {call.strip()}"
        for path in ROOT.glob("mailconf/**/*.py")
        if path.name not in IN_NAMESPACES
        for call in STARTS.findall(path.read_text())
        if "preexec_fn=ending_with_us()" not in call and "*_tied(" not in call
    }
    assert starts == set()
