"""Files at a git revision, beside git's own checkout."""

import subprocess
from pathlib import Path

import pytest

from mailconf.disk import revision
from mailconf.disk.revision import RevisionError, files_at


def git(folder: Path, *words: str) -> None:
    own = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*own, *words], check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder inside a work tree, with files of several kinds committed."""
    mail = tmp_path / "mail"
    (mail / "more").mkdir(parents=True)
    (mail / "mailconf.yaml").write_bytes(b"a: 1\n")
    (mail / "more/two\nlines ü.yaml").write_bytes(b"\0\n\n")
    (mail / "empty").write_bytes(b"")
    (mail / "link.yaml").symlink_to("/etc/passwd")
    (tmp_path / "beside.yaml").write_bytes(b"no")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    (mail / "mailconf.yaml").write_bytes(b"a: 2\n")
    return mail


def test_regular_files_below_the_folder_as_they_were(folder: Path) -> None:
    assert dict(files_at(folder, "HEAD")) == {
        "mailconf.yaml": b"a: 1\n",
        "more/two\nlines ü.yaml": b"\0\n\n",
        "empty": b"",
    }


def test_a_repository_itself_is_a_folder_too(folder: Path) -> None:
    found = dict(files_at(folder.parent, "HEAD"))
    assert found["beside.yaml"] == b"no"
    assert found["mail/empty"] == b""


@pytest.mark.parametrize("name", ["no-such", "HEAD:mail/empty"])
def test_what_is_no_revision_is_told(folder: Path, name: str) -> None:
    with pytest.raises(RevisionError, match="git: "):
        list(files_at(folder, name))


def test_without_a_repository_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="in no git work tree"):
        list(files_at(tmp_path, "HEAD"))


def test_more_than_the_limit_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "MOST", 7)
    with pytest.raises(RevisionError, match=r"has 8 octets .* the limit is 7"):
        list(files_at(folder, "HEAD"))


def test_without_git_it_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RevisionError, match="git: No such file"):
        list(files_at(folder, "HEAD"))
