"""The packages of examples/plugins in an environment of their own, beside mailconf's wheel."""

import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(path.parent for path in ROOT.glob("examples/plugins/*/pyproject.toml"))


def environment(directory: Path) -> Path:
    """Install mailconf and all packages; return the environment's Python.

    What mailconf depends on is taken from the environment of the tests: a path in a .pth file brings
    packages along, and not the mailconf that is installed there from the checkout.
    """
    python = directory / "venv/bin/python"
    _run(sys.executable, "-m", "venv", "--without-pip", str(directory / "venv"))
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(_run(str(python), "-c", asked).strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory), at=ROOT)
    for package in PACKAGES:
        _run(
            sys.executable,
            "-m",
            "hatchling",
            "build",
            "-t",
            "wheel",
            "-d",
            str(directory),
            at=package,
        )
    wheels = map(str, sorted(directory.glob("*.whl")))
    pip = (sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet")
    _run(*pip, "--no-deps", "--no-index", "--ignore-installed", *wheels)
    return python


def run_tests(python: Path, package: Path, part: str) -> "subprocess.CompletedProcess[str]":
    """Run a package's own tests, those of the lab or the others."""
    command = [
        str(python),
        "-P",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-m",
        part,
        "tests",
    ]
    return subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)


def _run(*command: str, at: Path | None = None) -> str:
    return subprocess.run(command, cwd=at, check=True, capture_output=True, text=True).stdout
