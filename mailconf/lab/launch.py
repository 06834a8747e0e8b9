"""Starting a process as the first one of fresh namespaces, and making sure that it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from types import FrameType
from typing import TextIO

from mailconf.disk.child import ending_with_us
from mailconf.lab.errors import LabUnavailableError

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
AS_ROOT = (
    "root needs CAP_SYS_ADMIN, CAP_NET_ADMIN and user namespaces (sysctl user.max_user_namespaces); "
    "in a container, for example, docker run --privileged"
)
AS_USER = (
    "a user needs a range in /etc/subuid and /etc/subgid, and the permission to make user "
    "namespaces (on Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0); or use sudo"
)
NAMESPACES = ("--mount", "--net", "--pid", "--ipc", "--uts")
BUILDING = ("--mount", "--pid")
"""What the build of an image has of its own: it needs the machine's network."""
INTERRUPTED = 130
PATIENCE = 10
"""Seconds that an interrupted lab gets to write its report before it is killed."""


def check_machine() -> None:
    """Raise LabUnavailableError when this machine cannot run a lab, saying all that is missing."""
    missing = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
    if missing:
        raise LabUnavailableError(
            f"the lab needs {', '.join(missing)}: apt install {' '.join(missing)}"
        )
    # Machines have user namespaces within those, see `cell`.
    for wanted in (namespaces(NAMESPACES), ("--user",)):
        tried = subprocess.run(
            ["unshare", *wanted, "true"],
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=ending_with_us(),
        )
        if tried.returncode:
            raise LabUnavailableError(
                f"this machine does not allow namespaces ({tried.stderr.strip()}); "
                + (AS_ROOT if os.geteuid() == 0 else AS_USER)
            )


def namespaces(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is unshared; an ordinary user becomes root of a range of subordinate ids."""
    return wanted if os.geteuid() == 0 else (*AS_MAPPED, *wanted)


def _tied(wanted: tuple[str, ...]) -> list[str]:
    """Return the prefix of a command that is the first of namespaces, and ends with this process."""
    return [
        *("setpriv", "--pdeathsig", "KILL"),
        # We may have ended before that took effect.
        *("sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', str(os.getpid())),
        *("unshare", *namespaces(wanted), "--fork", "--kill-child"),
        *("--mount-proc", "--propagation", "private"),
    ]


def launch(
    command: list[str],
    wanted: tuple[str, ...] = NAMESPACES,
    keep: tuple[int, ...] = (),
    output: TextIO | None = None,
) -> int:
    """Run `command` as PID 1 of fresh namespaces and return its exit status.

    When this process ends, however it ends, the kernel ends everything in the namespaces:
    setpriv binds unshare to us, --kill-child binds PID 1 to unshare. `keep` are files that
    stay open until then. `output` becomes its standard output.
    """
    child = subprocess.Popen(
        [*_tied(wanted), *command], stdout=output, process_group=0, pass_fds=keep
    )
    interrupted = False

    def forward(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        # unshare itself ignores the signal; PID 1 has a handler for it.
        os.killpg(child.pid, signal.SIGINT)
        signal.alarm(PATIENCE)

    def give_up(_number: int, _frame: FrameType | None) -> None:
        child.kill()

    handlers = {signal.SIGINT: forward, signal.SIGTERM: forward, signal.SIGALRM: give_up}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        status = child.wait()
        return INTERRUPTED if interrupted and status < 0 else status
    finally:
        signal.alarm(0)
        child.kill()
        child.wait()
        for number, handler in before.items():
            signal.signal(number, handler)
