"""The wheel holds what an installed mailconf needs, and works without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mailconf.engine.build import build, read
from mailconf.engine.manifest import manifest
from mailconf.engine.render import Renderer

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(directory.glob("*.whl"))


def test_templates_and_schema_are_in_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {f"mailconf/{path.relative_to(ROOT)}" for path in ROOT.glob("templates/*/*")}
    assert templates <= names
    assert {"mailconf/schemas/mailconf.schema.json", "mailconf/py.typed"} <= names
    assert [name for name in names if name.startswith(("tests", "examples"))] == []


def test_it_renders_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    example = ROOT / "examples/quickstart"
    command = [sys.executable, "-P", "-m", "mailconf", "render", str(example / "mailconf.yaml")]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "out")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    rendered = (tmp_path / "out/manifest.json").read_text()
    assert rendered == manifest(build(read(example / "mailconf.yaml"), Renderer()))
