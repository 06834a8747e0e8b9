"""Running the command line as a user does, in a process of its own."""

import atexit
import json
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


STANDARD = ("stdin", "stdout", "stderr")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str


def mailconf(*arguments: object, cwd: Path = ROOT, said: str = "", **environment: str) -> Done:
    """Run the command; `said` is its standard input, `environment` what is added to ours."""
    words, variables = list(map(str, arguments)), os.environ | environment
    # What an interpreter reads when it starts needs a new one; where it finds packages can be added.
    read = (name for name in environment if name != "PYTHONPATH")
    is_new = any(name.startswith(("PYTHON", "LC_", "LANG")) for name in read)
    run = _anew if is_new else _forked
    done = run(words, cwd, said, variables)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def _anew(words: list[str], cwd: Path, said: str, variables: dict[str, str]) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "mailconf", *words],
        cwd=cwd, input=said, env=variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def _forked(words: list[str], cwd: Path, said: str, variables: dict[str, str]) -> Done:
    with tempfile.TemporaryDirectory(prefix="mailconf-run-") as name:
        files = {each: Path(name, each) for each in STANDARD}
        for each, file in files.items():
            file.write_text(said if each == "stdin" else "")
        asked: dict[str, object] = {"arguments": words, "cwd": str(cwd), "environment": variables}
        status = _warm().ask(asked | {each: str(file) for each, file in files.items()})
        return Done(status, files["stdout"].read_text(), files["stderr"].read_text())


class Warm:
    """The process that forks for each command (warm.py)."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "tests.cli.warm"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        atexit.register(self._end)
        assert self._answer() == "ready"

    def ask(self, asked: dict[str, object]) -> int:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def _end(self) -> None:
        self._process.communicate()


@cache
def _warm() -> Warm:
    return Warm()


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
