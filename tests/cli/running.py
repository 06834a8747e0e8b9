"""Running the command line as a user does, in a process of its own."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "examples/quickstart"

GOOD = """\
version: 1
hosts:
  mail: {hostname: mail.example.org, addresses: [192.0.2.25]}
domains:
  example.org:
    mailboxes: {alice: {}}
    aliases: {postmaster: alice, abuse: alice}
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str


def mailconf(*arguments: object, cwd: Path = ROOT, said: str = "", **environment: str) -> Done:
    """Run the command; `said` is its standard input, `environment` what is added to ours."""
    command = [sys.executable, "-m", "mailconf", *map(str, arguments)]
    done = subprocess.run(
        command,
        cwd=cwd,
        input=said,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def site(directory: Path, text: str = GOOD) -> Path:
    """Write a spec with a DKIM key into a directory and return it."""
    shutil.copytree(_made(text), directory, dirs_exist_ok=True)
    return directory / "mailconf.yaml"


@cache
def _made(text: str) -> Path:
    """Make a spec's key once for all tests that begin with it."""
    directory = Path(tempfile.mkdtemp(prefix="mailconf-site-"))
    atexit.register(shutil.rmtree, directory)
    spec = directory / "mailconf.yaml"
    spec.write_text(text)
    done = mailconf("keys", "new", spec, "--now", "2026-11-24")
    assert done.status == 0, done
    return directory


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below a directory."""
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
