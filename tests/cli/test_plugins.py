"""`plugins`, and `rules` and `schema` with the plugins that a spec names."""

import json
from pathlib import Path

import pytest

from mailconf.engine.registry import builtin
from tests.cli.running import Done, mailconf
from tests.cli.test_third_party import SECRET, WELL, installed, packages, run, spec_with

__all__ = ["packages"]


def rows(done: Done) -> dict[str, str]:
    """Return the lines of the table by plugin."""
    assert done.status == 0, done.stderr
    return {line.split()[0]: line for line in done.stdout.splitlines()[1:]}


def test_without_a_spec_the_built_in_plugins_are_listed() -> None:
    found = rows(mailconf("plugins"))
    assert set(found) >= set(builtin())
    assert "mailconf  access" in found["dovecot"]
    assert "lint, records, steps, 6 checks, 1 plan check" in found["dane"]


def test_a_package_is_listed_with_its_version_and_what_it_brings(
    packages: Path, tmp_path: Path
) -> None:
    installed(packages, WELL)
    found = rows(run(packages, "plugins", spec_with(tmp_path, SECRET)))
    assert found["theirs"].split("  ")[1:] != []
    assert "theirs_mod 1.0, theirs_mod:plugin" in found["theirs"]
    assert found["theirs"].endswith("1      Well.")


def test_one_that_no_spec_names_is_not_loaded(packages: Path, tmp_path: Path) -> None:
    installed(packages, "raise SystemExit('loaded')\n")
    found = rows(run(packages, "plugins", spec_with(tmp_path, "")))
    assert found["theirs"].endswith("not loaded: no spec here names it")


@pytest.mark.parametrize("command", ["plugins", "schema", "rules"])
def test_a_broken_one_is_named(command: str, packages: Path, tmp_path: Path) -> None:
    installed(packages, "1 / 0\n")
    done = run(packages, command, spec_with(tmp_path, SECRET))
    assert (done.status, done.stdout) == (2, "")
    assert "CFG080 plugin-broken: plugin theirs" in done.stderr


def test_a_spec_that_is_not_trusted_loads_none(packages: Path, tmp_path: Path) -> None:
    installed(packages, "raise SystemExit('loaded')\n")
    found = rows(run(packages, "plugins", spec_with(tmp_path, SECRET), "--untrusted"))
    assert found["theirs"].endswith("not loaded: no spec here names it")


def test_rules_and_schema_know_the_plugins_of_a_spec(packages: Path, tmp_path: Path) -> None:
    installed(packages, WELL)
    spec = spec_with(tmp_path, SECRET)
    assert "## XYZ001 text-loud" in run(packages, "rules", spec).stdout
    assert "XYZ001" not in mailconf("rules").stdout
    body = json.loads(run(packages, "schema", spec).stdout)
    assert "theirs" in body["$defs"]["Host"]["properties"]


def test_a_spec_that_is_not_there_is_told() -> None:
    done = mailconf("plugins", "no-such.yaml")
    assert done.status == 2
    assert "no-such.yaml" in done.stdout + done.stderr
