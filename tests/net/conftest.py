"""An authority for every test that speaks TLS."""

from pathlib import Path

import pytest

from tests.servers.authority import TestAuthority


@pytest.fixture
def authority(tmp_path: Path) -> TestAuthority:
    return TestAuthority(tmp_path)
