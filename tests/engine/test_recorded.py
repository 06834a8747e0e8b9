"""What earlier renders wrote; tests/engine/test_write.py has what strangers write there."""

import json
from pathlib import Path

from mailconf.disk.folder import Folder
from mailconf.engine.manifest import digest
from mailconf.engine.recorded import PENDING, PRIVATE_DIGESTS, recorded
from tests.engine.specs import codes


def put(root: Path, **files: object) -> None:
    for name, body in files.items():
        path = {"manifest": "manifest.json", "private": PRIVATE_DIGESTS, "pending": PENDING}[name]
        (root / path).write_text(json.dumps(body))


def test_an_empty_folder_has_no_records(tmp_path: Path) -> None:
    known = recorded(Folder(tmp_path / "none"))
    assert (known.digests, known.findings) == ({}, ())


def test_records_are_put_together(tmp_path: Path) -> None:
    put(
        tmp_path,
        manifest={
            "files": [
                {"path": "dns/x", "sha256": digest("1")},
                {"path": "hosts/mail/etc/key", "sha256": ""},
            ]
        },
        private={"hosts/mail/etc/key": digest("k")},
        pending={"dns/x": [digest("2"), digest("3")], "dns/y": digest("4")},
    )
    known = recorded(Folder(tmp_path))
    wrote = {
        (path, text)
        for path in ("dns/x", "dns/y", "hosts/mail/etc/key")
        for text in "123456k"
        if known.wrote(path, text)
    }
    assert wrote == {
        ("dns/x", "1"), ("dns/x", "2"), ("dns/x", "3"), ("dns/y", "4"), ("hosts/mail/etc/key", "k"),
    }  # fmt: skip
    assert "hosts/mail/etc/key" in known.secret
    assert "dns/x" not in known.secret


def test_a_secret_file_whose_digest_is_lost_is_not_known(tmp_path: Path) -> None:
    put(tmp_path, manifest={"files": [{"path": "hosts/mail/etc/key", "sha256": ""}]})
    known = recorded(Folder(tmp_path))
    assert not known.wrote("hosts/mail/etc/key", "k")
    assert known.secret == {"hosts/mail/etc/key"}


def test_a_large_tree_may_have_a_large_manifest(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"files": []}' + " " * 17 * 2**20)
    assert codes(recorded(Folder(tmp_path)).findings) == ["CFG061"]
    assert codes(recorded(Folder(tmp_path), 5 * 2**20).findings) == []
