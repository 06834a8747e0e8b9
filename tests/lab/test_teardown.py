"""Whatever ends a lab, nothing of it stays."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.lab.launching import QUICKSTART, ROOT, broken, daemons, lab_run, needs_root, traces

pytestmark = [pytest.mark.lab, pytest.mark.alone, needs_root]
PATIENCE = 30.0


def until(true: Callable[[], bool]) -> None:
    """Wait until something holds; fail when it does not within PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def before() -> tuple[set[int], tuple[str, ...]]:
    return daemons(), traces()


@pytest.fixture
def running(before: tuple[set[int], tuple[str, ...]]) -> Iterator["subprocess.Popen[str]"]:
    """Yield a lab whose daemons are up."""
    command = [sys.executable, "-m", "mailconf", "lab", "run", str(QUICKSTART)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as process:
        until(lambda: len(daemons() - before[0]) > 6)
        yield process
        process.kill()


def test_a_lab_that_ran_leaves_nothing(before: tuple[set[int], tuple[str, ...]]) -> None:
    assert lab_run(QUICKSTART).status == 0
    assert (daemons(), traces()) == before


def test_a_boot_that_failed_leaves_nothing(before: tuple[set[int], tuple[str, ...]]) -> None:
    assert broken("missing certificate").status == 1
    assert (daemons(), traces()) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_lab_reports_and_leaves_nothing(
    before: tuple[set[int], tuple[str, ...]],
    running: "subprocess.Popen[str]",
    number: signal.Signals,
) -> None:
    running.send_signal(number)
    stdout, _ = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert "lab run: " in stdout
    assert (daemons(), traces()) == before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_a_killed_lab_leaves_nothing(
    before: tuple[set[int], tuple[str, ...]],
    running: "subprocess.Popen[str]",
    number: signal.Signals,
) -> None:
    running.send_signal(number)
    running.wait()
    until(lambda: daemons() == before[0])
    assert traces() == before[1]


def test_labs_run_side_by_side() -> None:
    command = [sys.executable, "-m", "mailconf", "lab", "run", str(QUICKSTART)]
    quiet = subprocess.DEVNULL
    both = [subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]


def test_a_user_without_a_range_of_ids_is_told_so() -> None:
    code = (
        "import os\n"
        "from mailconf.lab.launch import check_machine\n"
        "os.setuid(65534)\n"
        "check_machine()"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "LabUnavailableError: this machine does not allow namespaces" in done.stderr
    assert "a user needs a range in /etc/subuid and /etc/subgid" in done.stderr


def test_where_namespaces_are_refused_a_sentence_says_so() -> None:
    command = [
        "setpriv",
        "--bounding-set=-sys_admin",
        sys.executable,
        "-m",
        "mailconf",
        "lab",
        "run",
    ]
    done = subprocess.run(
        [*command, str(QUICKSTART)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "this machine does not allow namespaces" in done.stderr


def test_missing_tools_are_named() -> None:
    environment = {**os.environ, "PATH": "/nonexistent"}
    command = [sys.executable, "-m", "mailconf", "lab", "run", str(QUICKSTART)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 2
    assert "apt install iproute2 mmdebstrap" in done.stderr


def test_where_root_has_no_ids_to_give_a_sentence_says_so() -> None:
    code = (
        "import subprocess\n"
        "from mailconf.lab.confine import start_cell\n"
        "start_cell('machine', '/', 'x', errors=subprocess.PIPE)"
    )
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "LabUnavailableError: a lab needs 65535 ids apart from root's, and there are 0" in (
        done.stderr
    )


def test_where_user_namespaces_are_switched_off_a_sentence_says_so() -> None:
    switched_off = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    lab = [sys.executable, "-m", "mailconf", "lab", "run", str(QUICKSTART)]
    # Below a user namespace of the test's own, not for the machine.
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", switched_off, "sh", *lab]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "this machine does not allow namespaces" in done.stderr
    assert "user.max_user_namespaces" in done.stderr
