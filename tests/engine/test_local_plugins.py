"""Files beside a spec are plugins where the operator allows it."""

from pathlib import Path

import pytest

from mailconf.engine.local_plugins import VARIABLE, local_plugin
from mailconf.formats.paths import PathRefusedError

CODE = "from mailconf.plugins.spf import plugin\n"


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins/ours.py").write_text(CODE)
    monkeypatch.setenv(VARIABLE, "1")
    return tmp_path


def test_a_file_is_a_plugin(beside: Path) -> None:
    found = local_plugin("ours", beside)
    assert found
    assert (found.value, found.load().name) == ("plugins/ours.py", "spf")


def test_nothing_is_loaded_unless_it_is_allowed(
    beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    assert local_plugin("ours", beside) is None


@pytest.mark.parametrize("name", ["other", "../plugins/ours", "Ours", ""])
def test_another_name_is_none(beside: Path, name: str) -> None:
    assert local_plugin(name, beside) is None


def test_a_link_is_refused(beside: Path, tmp_path: Path) -> None:
    (beside / "plugins/theirs.py").symlink_to(tmp_path / "plugins/ours.py")
    with pytest.raises(PathRefusedError, match="symbolic link"):
        local_plugin("theirs", beside)
