"""A program: what it starts is root of a user namespace, and of nothing outside of it.

Runs by itself (`python -I -S cell.py`), so that the first process of the new namespaces has no
memory and no environment of mailconf's. It writes a line when it needs its ids mapped
(user_namespaces(7)) and reads one when they are; then it writes the id of the first process.
Whoever it is by then may not read Python's own files: nothing is imported later.

    cell.py machine ROOT HOSTNAME        ROOT is the root directory, nothing else is mounted
    cell.py image DIRECTORY COMMAND...   DIRECTORY shows the working directory; network as outside
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x20000, 0x2000000, 0x4000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x8000000, 0x10000000, 0x20000000
CLONE_NEWNET = 0x40000000
NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
LAST_CAPABILITY = 63
# It never ends; as SIGCHLD is ignored, daemons that become its children leave no zombies.
FIRST_PROCESS = ("/bin/sleep", "infinity")
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
LIBC = ctypes.CDLL(None, use_errno=True)


def checked(result: int) -> None:
    """Raise OSError for a system call that failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def mount(source: str, target: str, kind: str, flags: int) -> None:
    """Call mount(2)."""
    texts = [ctypes.c_char_p(os.fsencode(text)) for text in (source, target, kind)]
    checked(LIBC.mount(*texts, ctypes.c_ulong(flags), None))


def say(line: object) -> None:
    """Write one line of the protocol."""
    os.write(1, f"{line}\n".encode())


def enter_user_namespace() -> None:
    """Become root of a new user namespace."""
    checked(LIBC.unshare(CLONE_NEWUSER))
    say("unshared")
    if not os.read(0, 1):
        sys.exit(1)
    os.setgroups([])
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)


def start(work: Callable[[], None]) -> int:
    """Fork the first process of the new namespaces, and return its id once `work` has exec'd."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            mount("none", "/", "", MS_REC | MS_PRIVATE)
            work()
        except OSError as why:
            os.write(write, f"{why}".encode())
        os._exit(1)
    os.close(write)
    failed = os.read(read, 4096)
    if failed:
        sys.exit(failed.decode())
    return pid


def machine(root: str, hostname: str) -> None:
    """Become the first process of a machine; the old root is gone with everything below it."""
    os.setsid()
    mount(root, root, "", MS_BIND | MS_REC)
    os.chdir(root)
    mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    checked(LIBC.pivot_root(b".", b"."))
    checked(LIBC.umount2(b".", MNT_DETACH))
    os.chdir("/")
    LIBC.sethostname(os.fsencode(hostname), len(os.fsencode(hostname)))
    # Another user namespace would give back the capabilities that daemons do without.
    os.write(os.open("/proc/sys/user/max_user_namespaces", os.O_WRONLY), b"0")
    for capability in range(LAST_CAPABILITY + 1):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _standard_streams(os.open("/dev/null", os.O_RDWR))
    os.execve(FIRST_PROCESS[0], FIRST_PROCESS, ENVIRONMENT)  # noqa: S606


def image(directory: str, *command: str) -> None:
    """Run a command that fills the working directory; it dies with this program."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    mount(".", directory, "", MS_BIND)
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    os.chdir(directory)
    _standard_streams(2)
    os.execv("/usr/bin/env", ("env", *command))  # noqa: S606


def _standard_streams(file: int) -> None:
    for number in (0, 1, 2):
        os.dup2(file, number)


def main() -> int:
    """Run one of the two; return the exit status."""
    purpose, *words = sys.argv[1:]
    is_machine = purpose == "machine"
    try:
        enter_user_namespace()
        checked(LIBC.unshare(NAMESPACES | (CLONE_NEWNET if is_machine else 0)))
        pid = start(lambda: (machine if is_machine else image)(*words))
    except OSError as why:
        sys.exit(str(why))
    say(pid)
    return 0 if is_machine else os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
