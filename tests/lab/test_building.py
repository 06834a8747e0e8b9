"""An image's build may end at any moment: it leaves no process and no mount, and the next one works."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.lab.launching import QUICKSTART, ROOT, needs_root

pytestmark = [pytest.mark.lab, needs_root]
PATIENCE = 20.0
# What mmdebstrap does to a machine, and nothing that takes long: file systems mounted in the tree,
# processes that go on by themselves, some in sessions of their own.
STAND_IN = """#!/bin/sh
for tree; do case $tree in /mnt/*|/media/*|/srv/*) break;; esac; done
echo "I: the stand-in builds $tree"
mkdir -p $tree/proc $tree/sys $tree/tmp $tree/var/lib/dpkg
echo old > $tree/remnant-$BUILD
mount -t proc proc $tree/proc && mount -o rbind /sys $tree/sys || exit 1
mount -t tmpfs tmpfs $tree/tmp || exit 1
sleep 600 &
setsid sh -c 'sleep 600 & sleep 600' &
echo "I: mounted"
case $BUILD in
hangs) wait;;
offline) echo "E: Could not resolve 'archive.example'"; exit 25;;
full) dd if=/dev/zero of=$tree/big bs=64k; exit 1;;
fails) echo "E: Unable to locate package postfix"; exit 25;;
esac
umount $tree/tmp $tree/proc && umount -l $tree/sys
touch $tree/var/lib/dpkg/status
"""
COMMAND = (sys.executable, "-m", "mailconf", "lab", "image", "debian-12")


@dataclass
class Site:
    """A cache of its own, a stand-in for mmdebstrap, and a mark that all processes carry."""

    directory: Path
    mark: str = field(default_factory=lambda: f"mark-{uuid.uuid4()}")

    @property
    def cache(self) -> Path:
        return self.directory / "cache"

    def start(self, build: str, *command: str) -> "subprocess.Popen[str]":
        environment = os.environ | {
            "PATH": f"{self.directory}:{os.environ['PATH']}",
            "MAILCONF_CACHE": str(self.cache),
            "BUILD": build,
            "MARK": self.mark,
        }
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command or COMMAND, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True
        )

    def run(self, build: str, *command: str) -> tuple[int, str, str]:
        process = self.start(build, *command)
        stdout, stderr = process.communicate(timeout=PATIENCE)
        return process.returncode, stdout, stderr

    def processes(self) -> list[int]:
        return [int(p.parent.name) for p in Path("/proc").glob("[0-9]*/environ") if self._has(p)]

    def _has(self, environment: Path) -> bool:
        try:
            return self.mark.encode() in environment.read_bytes()
        except OSError:  # it ended while we looked
            return False

    def log(self) -> str:
        return "".join(file.read_text() for file in self.cache.glob("*.log"))

    def lies(self) -> list[str]:
        """Return what lies in the cache, without the parts of names that depend on the recipe."""
        return sorted(path.suffix or "image" for path in self.cache.iterdir())


def mounts() -> str:
    return Path("/proc/self/mountinfo").read_text()


def until(true: Callable[[], bool]) -> None:
    """Wait until something holds; fail when it does not within PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def site() -> Iterator[Site]:
    # Where root of a user namespace may look, unlike pytest's own directories.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        directory = Path(name)
        directory.chmod(0o755)
        (directory / "mmdebstrap").write_text(STAND_IN)
        (directory / "mmdebstrap").chmod(0o755)
        yield Site(directory)


def test_an_image_is_built_and_its_beginning_and_end_are_told(site: Site) -> None:
    status, stdout, stderr = site.run("works")
    assert (status, site.lies()) == (0, [".lock", ".log", "image"])
    assert stdout.strip() == str(next(p for p in site.cache.iterdir() if not p.suffix))
    begin, end = stderr.splitlines()
    assert (
        begin
        == "lab: building the image of debian-12 (first run only); this takes a minute or more"
    )
    assert end.startswith("lab: built the image of debian-12 in ")
    assert site.processes() == []
    assert site.run("fails") == (0, stdout, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_build_that_a_signal_ends_leaves_nothing_that_runs(
    site: Site, number: signal.Signals
) -> None:
    before = mounts()
    process = site.start("hangs")
    until(lambda: "I: mounted" in site.log())
    process.send_signal(number)
    _, stderr = process.communicate(timeout=PATIENCE)
    until(lambda: site.processes() == [])
    assert mounts() == before
    if number in {signal.SIGINT, signal.SIGTERM}:
        assert process.returncode == 130
        assert stderr.splitlines()[1:] == ["mailconf: interrupted while an image was built"]
        assert site.lies() == [".lock", ".log"]
    assert site.run("works")[0] == 0
    assert site.lies() == [".lock", ".log", "image"]


@pytest.mark.parametrize("seed", range(8))
def test_a_build_killed_at_any_moment_leaves_the_next_one_a_way(site: Site, seed: int) -> None:
    before = mounts()
    process = site.start("hangs")
    time.sleep(random.Random(seed).uniform(0.2, 1.6))  # the moment is what is tried
    process.kill()
    process.communicate()
    # At once: it waits for the lock until the last process of the killed one is gone.
    status, _, stderr = site.run("works")
    assert status == 0, stderr
    assert site.lies() == [".lock", ".log", "image"]
    root = next(path for path in site.cache.iterdir() if not path.suffix)
    assert [path.name for path in root.glob("remnant-*")] == ["remnant-works"]
    until(lambda: site.processes() == [])
    assert mounts() == before


def test_a_lab_that_is_killed_while_it_builds_leaves_nothing_that_runs(site: Site) -> None:
    before = mounts()
    process = site.start("hangs", *COMMAND[:4], "run", str(QUICKSTART))
    until(lambda: "I: mounted" in site.log())
    process.kill()
    process.communicate()
    until(lambda: site.processes() == [])
    assert mounts() == before


def test_a_second_build_waits_for_the_first(site: Site) -> None:
    first = site.start("hangs")
    until(lambda: "I: mounted" in site.log())
    second = site.start("works")
    assert second.stderr
    assert second.stderr.readline().startswith("lab: waiting for another process that builds ")
    first.terminate()
    first.communicate(timeout=PATIENCE)
    _, stderr = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0, stderr


def test_what_is_mounted_below_a_leftover_is_not_removed(site: Site) -> None:
    site.run("works")
    (root,) = (path for path in site.cache.iterdir() if not path.suffix)
    staged = root.with_name(f"{root.name}.partial")
    root.rename(staged)
    mounted = staged / "with blank"
    mounted.mkdir()
    kept = site.directory / "kept"
    kept.mkdir()
    (kept / "file").write_text("of the machine")
    # Of the same file system: rm --one-file-system would go on below.
    subprocess.run(["mount", "--bind", str(kept), str(mounted)], check=True)
    try:
        status, _, stderr = site.run("works")
    finally:
        subprocess.run(["umount", str(mounted)], check=True)
    assert status == 2
    assert stderr == (
        f"mailconf: file systems are mounted in {staged}, which an interrupted build left: "
        f"unmount {mounted}\n"
    )
    assert (kept / "file").read_text() == "of the machine"
    assert site.run("works")[0] == 0
    assert site.lies() == [".lock", ".log", "image"]


@pytest.mark.parametrize(
    ("build", "why"),
    [
        ("offline", "the package archive does not answer: E: Could not resolve 'archive.example'"),
        ("fails", "E: Unable to locate package postfix"),
    ],
)
def test_a_build_that_fails_gives_the_reason_in_a_sentence(
    site: Site, build: str, why: str
) -> None:
    before = mounts()
    status, stdout, stderr = site.run(build)
    assert (status, stdout) == (2, "")
    assert stderr.splitlines()[1].startswith(
        f"mailconf: the image of debian-12 could not be built: {why} (log: {site.cache}/debian-12-"
    )
    assert len(stderr.splitlines()) == 2
    assert (site.processes(), mounts(), site.lies()) == ([], before, [".lock", ".log"])


@pytest.mark.parametrize("size", ["4k", "64k", "1m"])
def test_a_full_disk_is_told_in_a_sentence(site: Site, size: str) -> None:
    site.cache.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(site.cache)]
    subprocess.run(small, check=True)
    before = mounts()
    try:
        status, _, stderr = site.run("full")
        left = [suffix for suffix in site.lies() if suffix not in {".lock", ".log"}]
    finally:
        after = mounts()
        subprocess.run(["umount", str(site.cache)], check=True)
    assert status == 2
    assert stderr.splitlines()[-1].startswith("mailconf: the image of debian-12 could")
    assert f"no space is left in {site.cache}" in stderr
    assert "Traceback" not in stderr
    assert (site.processes(), left, after) == ([], [], before)
