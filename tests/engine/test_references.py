"""Values that are missing or unusable are named all at once, each where its reference stands."""

from pathlib import Path

import pytest

from mailconf.engine.references import UnusableSecretsError
from mailconf.engine.secrets import Secrets
from mailconf.engine.write import tree
from tests.engine.specs import built, told

SPEC = """\
version: 1
defaults:
  smarthost: {host: smtp.relay.example, username: u, password: ref+env://NO_SUCH_ONE}
hosts:
  mail: {hostname: mail.example.org, addresses: [192.0.2.25]}
plugins:
  postsrsd: {domain: example.org, secret: ref+file://srs}
domains:
  example.org:
    mailboxes:
      alice: {password: ref+file://alice.hash}
      bob: {password: ref+file://alice.hash}
    aliases: {postmaster: alice, abuse: alice}
    dkim: {selectors: {s1: {private_key: ref+file://key.pem}}}
  example.net:
    aliases: {postmaster: alice@example.org, abuse: alice@example.org}
    dkim: {selectors: {s1: {private_key: ref+file://key.pem}}}
"""


def test_all_are_named_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "alice.hash").write_text("{BLF-CRYPT}hunter2\nroot:{PLAIN}hunter2\n")
    (tmp_path / "key.pem").write_text("hunter2\n")
    with pytest.raises(UnusableSecretsError) as caught:
        tree(built(tmp_path, SPEC), Secrets(tmp_path))
    findings = caught.value.findings
    assert sorted(map(told, findings)) == [
        "11:15 CFG070",
        "12:13 CFG070",
        "14:29 CFG070",
        "17:29 CFG070",
        "3:54 CFG070",
        "7:35 CFG070",
    ]
    messages = {finding.message for finding in findings}
    assert messages == {
        "ref+env://NO_SUCH_ONE: the variable is not set",
        "ref+file://srs: No such file or directory",
        "ref+file://alice.hash: the value has 2 lines; expected one line",
        "ref+file://key.pem: the value is no private key; expected PEM, or an Ed25519 seed in base64",
    }


def test_without_faults_there_is_a_tree(tmp_path: Path) -> None:
    text = SPEC.replace("ref+env://NO_SUCH_ONE", "ref+file://word").replace("srs}", "word}")
    text = text.replace("alice.hash", "word").replace("key.pem", "seed")
    (tmp_path / "word").write_text("word")
    (tmp_path / "seed").write_text("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n")
    assert tree(built(tmp_path, text), Secrets(tmp_path)).secret
