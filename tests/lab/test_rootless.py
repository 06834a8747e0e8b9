"""The lab as an ordinary user: nothing but a range of subordinate ids and user namespaces."""

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from mailconf.lab.image import ensure
from tests.lab.launching import ROOT, needs_root, traces

pytestmark = [pytest.mark.lab, pytest.mark.alone, needs_root]

USER = 34567
RELEASE = "debian-12"
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


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Make a home with the image packed in it, and account tables that know the user."""
    (tmp_path / "accounts").mkdir()
    for table, line in ACCOUNTS.items():
        known = Path("/etc", table)
        text = known.read_text() if known.exists() else ""
        (tmp_path / "accounts" / table).write_text(text + line)
    home = tmp_path / "home"
    home.mkdir()
    packed = home / "image.tar"
    image = ensure(RELEASE).root
    pack = ["tar", "-C", str(image), "--exclude=./dev/*", "-cf", str(packed), "."]
    subprocess.run(pack, capture_output=True, check=True)
    for path in (home, packed):
        os.chown(path, USER, USER)
    return tmp_path


def test_an_ordinary_user_runs_the_whole_lab(directory: Path) -> None:
    python = f"/mnt/python/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    cache = f"/mnt/home/.cache/mailconf/{ensure(RELEASE).root.name}"
    unpack = (
        "import subprocess; from pathlib import Path; from mailconf.lab.image import unpack; "
        f"subprocess.run(unpack(Path('/mnt/home/image.tar'), Path('{cache}'))[0], check=True)"
    )
    run = f"{python} -m mailconf lab run examples/quickstart/mailconf.yaml"
    before = traces()
    done = as_user(
        directory,
        f"id -u; mkdir -p {Path(cache).parent}; {python} -c {shlex.quote(unpack)}; {run}",
    )
    assert done.stdout.startswith(f"{USER}\n"), done.stderr
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed; " in done.stdout
    assert "FAILED" not in done.stdout
    assert traces() == before
