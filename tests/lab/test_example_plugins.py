"""The packages of examples/plugins pass their own tests in the lab."""

from pathlib import Path

import pytest

from tests.example_plugins import PACKAGES, environment, run_tests
from tests.lab.launching import Run, all_at_once, needs_root

pytestmark = [pytest.mark.lab, needs_root]


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Run]:
    python = environment(tmp_path_factory.mktemp("plugins"))

    def run(package: Path) -> Run:
        done = run_tests(python, package, "lab")
        return Run(done.returncode, {}, done.stdout + done.stderr)

    return all_at_once(run, PACKAGES)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_passes_its_lab(labs: dict[Path, Run], package: Path) -> None:
    assert labs[package].status == 0, labs[package].stderr
