"""Public conformance data, read in place: it lies beside the checkout and is not part of it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "conformance"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the conformance data is not here")


def documents(name: str) -> list[Any]:
    """Return the YAML documents of a file, or nothing when the data is not here."""
    path = DATA / name
    return list(yaml.safe_load_all(path.read_text())) if path.exists() else []
