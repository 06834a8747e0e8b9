"""What a reviewer finds in dovecot.conf, and what it leaves alone."""

from typing import Any

import pytest

from mailconf.plugins.dovecot.review import Reviewer
from mailconf.testing import spec_of
from tests.plugins.asking import codes

HEAD = "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\n"
FOLDERS = "".join(
    f"  mailbox {use} {{\n    special_use = \\{use}\n  }}\n"
    for use in ("Drafts", "Junk", "Sent", "Trash")
)
REPAIRED = {"postfix": "3.11", "dovecot": "2.4.3"}


def found(text: str, target: Any) -> list[str]:
    mail = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"], "target": target}
    return codes(Reviewer(spec_of(hosts={"mail": mail}).hosts["mail"]).dovecot_conf(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ssl = required", [], id="sound"),
        pytest.param("ssl_server_cert_file = /etc/a", ["DVC002"], id="a word of 2.4"),
        pytest.param("dovecot_config_version = 2.4.1", ["DVC002"], id="the version of 2.4"),
        pytest.param("mail_path = ~/Maildir\nmail_path = ~/m", ["DVC002"], id="said once"),
        pytest.param("mail_location = maildir:~/Maildir", [], id="below the home"),
        pytest.param("mail_location = maildir:~/", ["DVC005"], id="in the home"),
        pytest.param("mail_location = mdbox:%h", ["DVC005"], id="in the home by variable"),
        pytest.param("ssl = no", ["TLS001"], id="no TLS"),
        pytest.param("disable_plaintext_auth = no", ["TLS001"], id="logins in clear"),
        pytest.param("ssl = no\npassdb {\n}", [], id="nobody logs in from outside"),
        pytest.param("ssl_min_protocol = TLSv1.3", [], id="TLS 1.3"),
        pytest.param("ssl_min_protocol = TLSv1.1", ["TLS022"], id="TLS 1.1"),
        pytest.param("# ssl = no", [], id="a comment"),
        pytest.param("mode = 0600", [], id="socket of one"),
        pytest.param("mode = 0777", ["DVC009"], id="socket of everybody"),
    ],
)
def test_the_old_dialect(text: str, expected: list[str]) -> None:
    assert found(text, "debian-12") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(HEAD, [], id="sound"),
        pytest.param("", ["DVC001"], id="empty"),
        pytest.param("dovecot_config_version = 2.4.1\n", ["DVC001"], id="no storage version"),
        pytest.param(f"protocols = imap\n{HEAD}", ["DVC001"], id="not first"),
        pytest.param(f"{HEAD}mail_location = maildir:~/M", ["DVC002"], id="a word of 2.3"),
        pytest.param(f"{HEAD}ssl_ca = </etc/ca", ["DVC002"], id="a file by <"),
        pytest.param(f"{HEAD}mail_home = /v/%d/%n", ["DVC002"], id="an old variable"),
        pytest.param(f"{HEAD}mail_home = /v/%{{user}}", [], id="a new variable"),
        pytest.param(f"{HEAD}plugin {{\n}}", ["DVC002"], id="an old block"),
        pytest.param(f"{HEAD}passdb passwd-file {{\n}}", [], id="a new block"),
        pytest.param(f"{HEAD}mail_path = ~", ["DVC005"], id="in the home"),
        pytest.param(f"{HEAD}quota_storage_grace = 10M", [], id="a size"),
        pytest.param(f"{HEAD}quota_storage_grace = 10%", ["DVC006"], id="a share"),
        pytest.param(f"{HEAD}auth_username_chars =", ["DVC003"], id="any character"),
        pytest.param(f"{HEAD}auth_allow_cleartext = yes", ["TLS001"], id="logins in clear"),
        pytest.param(f"{HEAD}service pop3-login {{\n}}", ["DVC010"], id="nothing switched on"),
        pytest.param(
            f"{HEAD}protocols {{\n  pop3 = yes\n}}\nservice pop3-login {{\n}}",
            [],
            id="switched on",
        ),
    ],
)
def test_the_new_dialect(text: str, expected: list[str]) -> None:
    assert found(text, "debian-13") == expected


def test_repaired_versions_may_take_any_character() -> None:
    assert found(f"{HEAD}auth_username_chars =", REPAIRED) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"namespace inbox {{\n{FOLDERS}}}", [], id="each once"),
        pytest.param(f"namespace inbox {{\n{FOLDERS}{FOLDERS}}}", ["DVC007"] * 4, id="each twice"),
        pytest.param(
            "namespace inbox {\n  mailbox Sent {\n    special_use = \\Sent\n  }\n}",
            ["DVC007"] * 3,
            id="three missing",
        ),
        pytest.param("namespace inbox {\n  separator = /\n}", [], id="none wanted"),
        pytest.param(
            "namespace a {\n  separator = /\n}\nnamespace b {\n  separator = /\n}",
            [],
            id="one separator",
        ),
        pytest.param(
            "namespace a {\n  separator = /\n}\nnamespace b {\n  separator = .\n}",
            ["DVC008"],
            id="two separators",
        ),
    ],
)
def test_namespaces(text: str, expected: list[str]) -> None:
    assert found(text, "debian-12") == expected


def test_a_finding_names_the_host() -> None:
    mail = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}
    host = spec_of(hosts={"mail": mail}).hosts["mail"]
    (finding,) = Reviewer(host).dovecot_conf("ssl_min_protocol = TLSv1")
    assert finding.subject == "dovecot.conf of mail.example.org"
    assert finding.message == "ssl_min_protocol is TLSv1; expected TLSv1.2 or TLSv1.3"
    assert finding.where == ("hosts", "mail")
