"""The manifest says what each file is and what each host needs."""

import json
from pathlib import Path

from mailconf.engine.manifest import known_digests, manifest
from tests.engine.specs import GOOD, built


def body(directory: Path) -> dict[str, object]:
    secret = GOOD.replace("alice: {}", "alice: {password: ref+env://HASH}")
    found: dict[str, object] = json.loads(manifest(built(directory, secret)))
    return found


def test_a_secret_file_has_no_digest(tmp_path: Path) -> None:
    files = body(tmp_path)["files"]
    assert isinstance(files, list)
    secret = [file for file in files if file["secret"]]
    assert [(file["target"], file["sha256"]) for file in secret] == [("/etc/dovecot/passwords", "")]
    assert all(len(file["sha256"]) == 64 for file in files if not file["secret"])


def test_a_host_knows_what_it_needs(tmp_path: Path) -> None:
    hosts = body(tmp_path)["hosts"]
    assert isinstance(hosts, dict)
    host = hosts["mail"]
    assert host["services"] == ["dovecot", "nginx", "opendkim", "opendmarc", "postfix"]
    assert {"name": "vmail", "uid": 5000, "home": "/var/vmail"} in host["users"]
    assert "postfix" in host["packages"]
    assert host["certificates"][0]["names"] == [
        "autoconfig.example.org",
        "mail.example.org",
        "mta-sts.example.org",
    ]


def test_no_manifest_knows_nothing(tmp_path: Path) -> None:
    assert known_digests(tmp_path) == {}
    (tmp_path / "manifest.json").write_text("[broken")
    assert known_digests(tmp_path) == {}
