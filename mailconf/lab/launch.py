"""Starting a process as the first one of fresh namespaces, and making sure that it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from types import FrameType

from mailconf.lab.faults import LabUnavailableError

TOOLS = {
    "unshare": "util-linux",
    "newuidmap": "uidmap",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "mount": "mount",
    "ip": "iproute2",
    "mmdebstrap": "mmdebstrap",
}
AS_MAPPED = ("--user", "--map-auto", "--map-root-user")
AS_ROOT = "a container needs CAP_SYS_ADMIN and CAP_NET_ADMIN, for example docker run --privileged"
AS_USER = (
    "a user needs a range in /etc/subuid and /etc/subgid, and the permission to make user "
    "namespaces (on Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0); or use sudo"
)
NAMESPACES = ("--mount", "--net", "--pid", "--ipc", "--uts")
PATIENCE = 10
"""Seconds that an interrupted lab gets to write its report before it is killed."""


def check_machine() -> None:
    """Raise LabUnavailableError when this machine cannot run a lab, saying all that is missing."""
    missing = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
    if missing:
        raise LabUnavailableError(
            f"the lab needs {', '.join(missing)}: apt install {' '.join(missing)}"
        )
    tried = subprocess.run(
        ["unshare", *namespaces(), "true"], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        raise LabUnavailableError(
            f"this machine refuses namespaces ({tried.stderr.strip()}); "
            + (AS_ROOT if os.geteuid() == 0 else AS_USER)
        )


def namespaces() -> tuple[str, ...]:
    """Return what is unshared; an ordinary user becomes root of a range of subordinate ids."""
    return NAMESPACES if os.geteuid() == 0 else (*AS_MAPPED, *NAMESPACES)


def launch(command: list[str]) -> int:
    """Run `command` as PID 1 of fresh namespaces and return its exit status.

    When this process ends, however it ends, the kernel ends everything in the namespaces:
    setpriv binds unshare to us, --kill-child binds PID 1 to unshare.
    """
    unshare = [
        "unshare",
        *namespaces(),
        "--fork",
        "--kill-child",
        "--mount-proc",
        "--propagation",
        "private",
    ]
    child = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", *unshare, *command], process_group=0
    )

    def forward(_number: int, _frame: FrameType | None) -> None:
        # unshare itself ignores the signal; PID 1 has a handler for it.
        os.killpg(child.pid, signal.SIGINT)
        signal.alarm(PATIENCE)

    def give_up(_number: int, _frame: FrameType | None) -> None:
        child.kill()

    handlers = {signal.SIGINT: forward, signal.SIGTERM: forward, signal.SIGALRM: give_up}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        return child.wait()
    finally:
        signal.alarm(0)
        child.kill()
        child.wait()
        for number, handler in before.items():
            signal.signal(number, handler)
