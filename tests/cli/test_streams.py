"""Output that is full or closed: the work is done, the status says what is lost, and no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import GOOD, Done, contents, site

LOST = "mailconf: cannot write to standard output: "
FULL = f"{LOST}No space left on device\n"
CLOSED = f"{LOST}it is closed\n"


def shell(directory: Path, line: str) -> Done:
    """Run a line of a shell in which `mailconf` is ours."""
    script = f'mailconf() {{ "{sys.executable}" -m mailconf "$@"; }}\n{line}'
    done = subprocess.run(
        ["bash", "-c", script], cwd=directory, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "command",
    ["lint mailconf.yaml", "lint mailconf.yaml --report json", "rules", "--help", "--version"],
)
@pytest.mark.parametrize(("into", "told"), [("/dev/full", FULL), ("&-", CLOSED)])
def test_lost_output_is_told(tmp_path: Path, command: str, into: str, told: str) -> None:
    site(tmp_path)
    done = shell(tmp_path, f"mailconf {command} >{into}")
    assert (done.status, done.stderr) == (2, told)


@pytest.mark.parametrize("into", ["/dev/full", "&-"])
def test_without_errors_the_status_is_that_of_the_command(tmp_path: Path, into: str) -> None:
    site(tmp_path)
    assert shell(tmp_path, f"mailconf render mailconf.yaml -o out 2>{into}").status == 0
    assert shell(tmp_path, f"mailconf render mailconf.yaml -o out >{into} 2>{into}").status == 0
    assert "manifest.json" in contents(tmp_path / "out")
    assert shell(tmp_path, f"mailconf lint none.yaml >{into} 2>{into}").status == 2
    assert shell(tmp_path, f"mailconf render mailconf.yaml 2>{into}").status == 2


def test_all_keys_are_made_though_none_can_be_told_of(tmp_path: Path) -> None:
    more = GOOD.replace("  example.org:", "  example.com: {aliases: {}}\n  example.org:")
    (tmp_path / "mailconf.yaml").write_text(more)
    done = shell(tmp_path, "mailconf keys new mailconf.yaml >/dev/full")
    assert (done.status, done.stderr) == (2, FULL)
    assert len(list((tmp_path / "keys").glob("*.pem"))) == 2


def test_nothing_is_written_into_a_file_that_took_a_closed_descriptor(tmp_path: Path) -> None:
    site(tmp_path)
    shell(tmp_path, "mailconf lint mailconf.yaml --report json=out.json <&- >&- 2>&-")
    assert (tmp_path / "out.json").read_text().startswith('{\n  "schema"')


def test_a_reader_that_wants_no_more_is_no_fault(tmp_path: Path) -> None:
    done = shell(tmp_path, "mailconf rules | head -1; echo ${PIPESTATUS[0]}")
    assert (done.stdout, done.stderr) == ("# Rules\n0\n", "")


@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_may_be_named_as_a_file(tmp_path: Path, path: str) -> None:
    site(tmp_path)
    done = shell(tmp_path, f"mailconf lint mailconf.yaml --report json={path} | cat")
    assert done.stdout.startswith('{\n  "schema"')
