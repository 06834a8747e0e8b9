"""References are resolved, and failures never show a value."""

from pathlib import Path

import pytest

from mailconf.engine.secrets import SecretError, Secrets
from mailconf.model.secret import marked


def test_values_take_the_place_of_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("from file\n")
    monkeypatch.setenv("HASH", "from env")
    text = " ".join(map(marked, ("ref+file://key", "ref+env://HASH", "ref+exec://echo from exec")))
    assert Secrets(tmp_path).reveal(text) == "from file from env from exec"


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("ref+env://NO_SUCH_THING", "the variable is not set"),
        ("ref+file://none", "No such file or directory"),
        ("ref+exec://false", "CalledProcessError"),
        ("ref+exec://no-such-command-at-all", "FileNotFoundError"),
        ("plain", "is not a reference"),
    ],
)
def test_what_cannot_be_fetched(tmp_path: Path, reference: str, told: str) -> None:
    with pytest.raises(SecretError, match=told):
        Secrets(tmp_path).resolve(reference)


def test_what_a_failing_command_says_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SecretError) as caught:
        Secrets(tmp_path).resolve("ref+exec://sh -c 'echo hunter2 >&2; false'")
    # The command is the operator's own text; what it printed is not repeated.
    assert str(caught.value).count("hunter2") == 1
