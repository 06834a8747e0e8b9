"""Dovecot and Postfix of each release read exactly the password that the spec refers to."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from mailconf.formats.secret_values import spelled
from mailconf.lab.image import image
from tests.lab.launching import needs_root

pytestmark = [pytest.mark.lab, needs_root]
ROOT = Path(__file__).parents[2]
# All that one of the syntaxes takes for something else, with blanks and without.
PASSWORDS = (
    "a#b'c\"d\\e$HOME%{user}%u%%{x}<ä",
    "a b #c 'd' ; e",
    "'quoted'",
    '"quoted"',
    "#begin\\",
)
OF_MYSQL = tuple(one for one in PASSWORDS if " " not in one)
CASES = [*itertools.product(("pgsql", "ldap"), PASSWORDS), *itertools.product(("mysql",), OF_MYSQL)]
LOGINS = ("p#q", " lead", "a:b c\\d\"e'$HOME%u", "end\\", "ä€")


def root_of(release: str) -> Path:
    found = image(release).root
    if not found.is_dir():
        pytest.skip(f"no image of {release}: mailconf lab image {release}")
    return found


@pytest.mark.parametrize("release", ["debian-12", "debian-13"])
def test_dovecot_sends_the_very_password(release: str) -> None:
    unshare = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    command = [sys.executable, "-m", "tests.lab.databases", str(root_of(release)), release]
    done = subprocess.run(
        [*unshare, *command],
        cwd=ROOT, input=json.dumps(CASES), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    wrong = [case for case, right in zip(CASES, json.loads(done.stdout), strict=True) if not right]
    assert wrong == []


@pytest.mark.parametrize("release", ["debian-12", "debian-13"])
def test_postfix_finds_the_very_password(release: str, tmp_path: Path) -> None:
    rows = [f"@{n}.example u:{spelled('sasl-password', one)}" for n, one in enumerate(LOGINS)]
    (tmp_path / "table").write_text("\n".join(rows) + "\n")
    found = []
    for number in range(len(LOGINS)):
        command = f"mount --bind {tmp_path} {{}}/mnt && exec chroot {{}} postmap -q @{number}.example texthash:/mnt/table"
        root = root_of(release)
        shell = ["unshare", "--mount", "sh", "-c", command.format(root, root)]
        done = subprocess.run(shell, capture_output=True, text=True, check=False)
        found.append(done.stdout.removesuffix("\n"))
    assert found == [f"u:{one}" for one in LOGINS]
