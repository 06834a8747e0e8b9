"""The packages of examples/plugins pass their own tests, and mailconf does not know their names."""

from pathlib import Path

import pytest

from tests.example_plugins import PACKAGES, ROOT, environment, run_tests


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("plugins"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_passes_its_tests_beside_the_wheel(python: Path, package: Path) -> None:
    done = run_tests(python, package, "not lab")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_imports_only_the_api(package: Path) -> None:
    texts = [file.read_text() for file in package.glob("src/*/*.py")]
    lines = [line for text in texts for line in text.splitlines()]
    imports = {
        line.split()[1] for line in lines if line.startswith(("from mailconf", "import mailconf"))
    }
    own = next(package.glob("src/*")).name
    assert {name for name in imports if name.partition(".")[0] != own} == {"mailconf.api"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_mailconf_does_not_know_a_package_by_name(package: Path) -> None:
    texts = {path: path.read_text() for path in ROOT.glob("mailconf/**/*.py")}
    assert [path for path, text in texts.items() if f'"{package.name}"' in text] == []
