"""The lab looks no secret of the spec up: what it made itself lies in its vault, all else is made up."""

from pathlib import Path

import pytest

from mailconf.lab.site import LabSecrets


def test_the_vault_is_read(tmp_path: Path) -> None:
    (tmp_path / ("0" * 64)).write_text("made")
    assert LabSecrets(tmp_path).resolve(f"ref+file://{tmp_path}/{'0' * 64}") == "made"


@pytest.mark.parametrize("path", ["../secret", "0/../../secret", "./../secret", "secret"])
def test_nothing_beside_the_vault_is_read(tmp_path: Path, path: str) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    for place in (tmp_path / "secret", vault / "secret"):
        place.write_text("hunter2")
    vault_secrets = LabSecrets(vault)
    found = vault_secrets.resolve(f"ref+file://{vault}/{path}")
    assert found != "hunter2"
    assert vault_secrets.resolve(f"ref+file://{vault}/{path}") == found
