"""docs/api.md: its samples run, its tables and `__all__` are those of the code."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import mailconf
from tests.cli.running import ROOT, site

TEXT = (ROOT / "docs/api.md").read_text(encoding="utf-8")
SAMPLES: list[str] = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
MESSAGE = "From: a@example.org\nTo: b@example.net\nSubject: x\n\nx\n"


def sample(name: str) -> str:
    """Return the sample that calls a function."""
    return next(
        text for text in SAMPLES if re.search(rf"^from mailconf import .*\b{name}$", text, re.M)
    )


def run(directory: Path, name: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", sample(name)],
        cwd=directory, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("site")
    site(directory)
    (directory / "message.eml").write_text(MESSAGE)
    done = run(directory, "render")
    assert done.returncode == 0, done.stderr
    assert "written: hosts/mail/etc/postfix/main.cf\n" in done.stdout
    return directory


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("lint", "mailconf.yaml:6:17 ADR004 mailbox alice@example.org has no password"),
        ("diff", ""),
        ("verify", ""),
        ("inspect", "inspect.spf"),
        ("plan", "_dmarc.example.org. TXT unknown"),
    ],
)
def test_a_sample_runs(rendered: Path, name: str, printed: str) -> None:
    done = run(rendered, name)
    assert done.returncode == 0, done.stderr
    assert printed in done.stdout
    assert bool(printed) is bool(done.stdout)


def test_every_public_name_is_there_and_documented() -> None:
    for name in mailconf.__all__:
        assert getattr(mailconf, name).__doc__, name
    assert set(mailconf._HOMES) == set(mailconf.__all__)
    typed = re.findall(r" as (\w+)$", Path(mailconf.__file__ + "i").read_text(), re.MULTILINE)
    assert sorted(typed) == sorted(mailconf.__all__)
    with pytest.raises(AttributeError):
        getattr(mailconf, "nothing")  # noqa: B009


@pytest.mark.parametrize("name", ["Lint", "Render", "Diff", "Verify", "Inspect"])
def test_the_table_names_every_option(name: str) -> None:
    row = re.search(rf"`{name}Options\((.*?)\)`", TEXT)
    assert row
    options = getattr(mailconf, f"{name}Options")
    assert row[1].split(", ") == [field.name for field in fields(options)]
