"""The lab as an ordinary user: nothing but a range of subordinate ids and user namespaces."""

import json
import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from mailconf.lab.image import ensure
from tests.lab.escapes import ATTEMPTS, CANARY
from tests.lab.launching import LAUNCH, ROOT, needs_root, traces
from tests.lab.unpacked import pack

pytestmark = [pytest.mark.lab, pytest.mark.alone, needs_root]

USER = 34567
RELEASES = ("debian-12", "debian-13")
PYTHON = f"/mnt/python/bin/python{sys.version_info.major}.{sys.version_info.minor}"
LAUNCH_BUILD = """
import sys
from mailconf.lab.launch import BUILDING, launch
sys.exit(launch([sys.executable, "-m", *sys.argv[1:]], BUILDING))
"""
ACCOUNTS = {
    "passwd": f"mailconf-lab:x:{USER}:{USER}::/nonexistent:/bin/sh\n",
    "group": f"mailconf-lab:x:{USER}:\n",
    "subuid": "mailconf-lab:700000:65536\n",
    "subgid": "mailconf-lab:700000:65536\n",
}
# In a mount namespace of its own, so that the machine's accounts stay as they are: the user's
# view of this checkout, its Python and a home directory, wherever root keeps them.
SCRIPT = """set -e
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/python /mnt/source /mnt/packages /mnt/home
mount --bind {python} /mnt/python
mount --bind {source} /mnt/source
mount --bind {packages} /mnt/packages
mount --bind {home} /mnt/home
for table in passwd group subuid subgid; do mount --bind {accounts}/$table /etc/$table; done
cd /mnt/source
exec setpriv --reuid={user} --regid={user} --clear-groups env -i HOME=/mnt/home \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin PYTHONPATH=/mnt/source:/mnt/packages \
    LD_LIBRARY_PATH=/mnt/python/lib PYTHONDONTWRITEBYTECODE=1 sh -ec {command}
"""


def as_user(directory: Path, command: str) -> "subprocess.CompletedProcess[str]":
    script = SCRIPT.format(
        python=sys.base_prefix,
        source=ROOT,
        packages=sysconfig.get_path("purelib"),
        home=directory / "home",
        accounts=directory / "accounts",
        user=USER,
        command=shlex.quote(command),
    )
    unshare = ["unshare", "--mount", "--propagation", "private"]
    return subprocess.run(
        [*unshare, "sh", "-c", script], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module", params=RELEASES)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a home with an image in its cache, and account tables that know the user."""
    directory = tmp_path_factory.mktemp("user")
    (directory / "accounts").mkdir()
    for table, line in ACCOUNTS.items():
        known = Path("/etc", table)
        text = known.read_text() if known.exists() else ""
        (directory / "accounts" / table).write_text(text + line)
    packed = directory / "home" / "packed.tar"
    packed.parent.mkdir()
    pack(ensure(request.param).root, packed)
    for path in (packed.parent, packed):
        os.chown(path, USER, USER)
    launched = f"-c {shlex.quote(LAUNCH_BUILD)} tests.lab.unpacked {request.param}"
    done = as_user(directory, f"id -u; {PYTHON} {launched} /mnt/home/packed.tar")
    assert (done.stdout, done.stderr, done.returncode) == (f"{USER}\n", "", 0)
    (directory / "release").write_text(request.param)
    return directory


def test_an_ordinary_user_runs_the_whole_lab(home: Path) -> None:
    target = (home / "release").read_text()
    spec = "examples/quickstart/mailconf.yaml"
    before = traces()
    done = as_user(home, f"{PYTHON} -m mailconf lab run {spec} --target {target}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed; " in done.stdout
    assert "FAILED" not in done.stdout
    assert traces() == before


def test_a_spec_gets_out_of_no_machine_of_an_ordinary_user(home: Path, outside: Path) -> None:
    words = ["cell", (home / "release").read_text(), str(outside / "canary"), str(outside)]
    launched = f"-c {shlex.quote(LAUNCH)} tests.lab.breakout {shlex.join(words)}"
    done = as_user(home, f"export MAILCONF_CANARY={CANARY}; {PYTHON} {launched}")
    assert done.returncode == 0, done.stderr
    nothing = {attempt.__name__: "" for attempt in ATTEMPTS}
    assert json.loads(done.stdout) == dict.fromkeys(("command", "debugger", "prepare"), nothing)
    assert sorted(path.name for path in outside.iterdir()) == ["canary"]
    assert (outside / "canary").read_text() == CANARY
