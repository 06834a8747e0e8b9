"""Conformance data: vectors of our own beside this file, and public suites, which are read in place.

The public suites are in the folder that MAILCONF_CONFORMANCE names, and otherwise beside the checkout; they
are not part of it (CONTRIBUTING.md says where they come from). The vectors here are composed from the
RFCs, each with the section that decides it.
"""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).parent
BESIDE = ROOT.parent / "shared" / "conformance"
DATA = Path(os.environ.get("MAILCONF_CONFORMANCE") or BESIDE)
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the conformance data is not here")


def documents(name: str) -> list[Any]:
    """Return the YAML documents of a public file, or none where the data is not here."""
    path = DATA / name
    return list(yaml.safe_load_all(path.read_text())) if path.exists() else []


def vectors(name: str) -> list[Any]:
    """Return the vectors of a file beside this one."""
    found: list[Any] = yaml.safe_load((OWN / f"{name}.yaml").read_text())
    return found
