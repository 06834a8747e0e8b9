"""Mailboxes and sessions: 2.3 and 2.4 say the same in different words."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from tests.plugins.dovecot.reading import BOTH, NEW, OLD, conf
from tests.plugins.rendering import Site, fleet_on, on_target, options, rendered

EVERY_PORT = {
    "imaps": {"port": 993},
    "imap": {"port": 143},
    "pop3s": {"port": 995},
    "pop3": {"port": 110},
    "managesieve": {"port": 4190},
}
TLS = {"certificate": "/etc/ssl/own.pem", "private_key": "/etc/ssl/own.key"}


def on(target: str, changes: dict[str, Any] | None = None) -> Site:
    return rendered(overlay(changes or {}, on_target(target)))


def test_quota_is_the_same_number_of_octets() -> None:
    wanted = options("dovecot", quota="2G")
    assert conf(on(OLD, wanted)).plugin()["quota_rule"] == f"*:bytes={2 * 2**30}"
    assert conf(on(NEW, wanted)).settings["quota_storage_size"] == f"{2 * 2**30}B"


def test_without_a_quota_mailboxes_have_no_limit() -> None:
    assert "quota_rule" not in conf(on(OLD)).plugin()
    assert "quota_storage_size" not in conf(on(NEW)).settings


def test_a_mailbox_has_a_quota_of_its_own() -> None:
    small = {"domains": {"example.org": {"mailboxes": {"bob": {"quota": "1K"}}}}}
    users = {t: on(t, small).text("etc/dovecot/users").splitlines() for t in (OLD, NEW)}
    assert users == {
        OLD: ["alice@example.org:::::::", "bob@example.org:::::::userdb_quota_rule=*:bytes=1024"],
        NEW: ["alice@example.org:::::::", "bob@example.org:::::::userdb_quota_storage_size=1024B"],
    }


@pytest.mark.parametrize(
    ("storage", "old", "new"),
    [
        pytest.param("maildir", "maildir:~/Maildir", ("maildir", "~/Maildir"), id="maildir"),
        pytest.param("sdbox", "sdbox:~/sdbox", ("sdbox", "~/sdbox"), id="sdbox"),
    ],
)
def test_mail_lies_below_the_home(storage: str, old: str, new: tuple[str, str]) -> None:
    wanted = options("dovecot", storage=storage)
    assert conf(on(OLD, wanted)).settings["mail_location"] == old
    settings = conf(on(NEW, wanted)).settings
    assert (settings["mail_driver"], settings["mail_path"]) == new


def test_homes_are_the_same_in_both_dialects() -> None:
    assert conf(on(OLD)).settings["mail_home"] == "/var/vmail/%Ld/%Ln"
    assert conf(on(NEW)).settings["mail_home"] == (
        "/var/vmail/%{user | domain | lower}/%{user | username | lower}"
    )


@BOTH
def test_folders_are_the_same_in_both_dialects(target: str) -> None:
    inbox = conf(on(target)).one("namespace inbox")
    assert {block.head: block.settings for block in inbox.blocks} == {
        "mailbox Drafts": {"special_use": "\\Drafts", "auto": "subscribe"},
        "mailbox Junk": {"special_use": "\\Junk", "auto": "subscribe"},
        "mailbox Sent": {"special_use": "\\Sent", "auto": "subscribe"},
        "mailbox Trash": {"special_use": "\\Trash", "auto": "subscribe"},
        "mailbox Archive": {"special_use": "\\Archive", "auto": "create"},
    }


@BOTH
def test_users_have_so_many_connections(target: str) -> None:
    whole = conf(on(target, options("dovecot", max_connections=7)))
    limits = {
        whole.one(f"protocol {name}").settings["mail_max_userip_connections"]
        for name in ("imap", "pop3")
    }
    assert limits == {"7"}


def imap_plugins(target: str, changes: dict[str, Any] | None = None) -> set[str]:
    """Return the plugins that an IMAP session has of its own."""
    imap = conf(on(target, changes)).one("protocol imap")
    if target == NEW:
        return set(imap.one("mail_plugins").settings)
    return set(imap.settings["mail_plugins"].split()) - {"$mail_plugins"}


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        pytest.param({}, set(), id="the usual"),
        pytest.param(options("dovecot", last_login=True), {"last_login"}, id="last login"),
        pytest.param(options("dkim", signer="rspamd"), {"imap_sieve"}, id="moves are learned"),
    ],
)
def test_plugins_of_sessions_follow_the_options(changes: dict[str, Any], more: set[str]) -> None:
    assert imap_plugins(OLD, changes) == {"imap_quota", "imap_zlib", *more}
    assert imap_plugins(NEW, changes) == {"imap_quota", *more}


def test_the_last_login_is_kept_at_home() -> None:
    wanted = options("dovecot", last_login=True)
    assert conf(on(OLD, wanted)).plugin()["last_login_dict"] == "file:%h/last-login"
    kept = conf(on(NEW, wanted)).one("last_login").one("dict file")
    assert kept.settings == {"path": "%{home}/last-login"}


@BOTH
def test_nobody_keeps_last_logins_unasked(target: str) -> None:
    assert "last_login" not in on(target).text("etc/dovecot/dovecot.conf")


def test_search_has_an_index_with_tokenizers() -> None:
    whole = conf(on(NEW, options("dovecot", full_text_search=True)))
    assert whole.one("mail_plugins").settings == {
        "quota": "yes",
        "fts": "yes",
        "fts_flatcurve": "yes",
    }
    assert whole.settings["fts_autoindex"] == "yes"
    assert whole.one("language en").settings == {"default": "yes"}
    assert conf(on(NEW)).all("fts") == []


@pytest.mark.parametrize(
    ("target", "version"),
    [
        pytest.param("debian-13", "2.4.1", id="debian-13"),
        pytest.param("debian-forky", "2.4.1", id="debian-forky keeps the defaults of 2.4.1"),
        pytest.param({"postfix": "3.11", "dovecot": "2.4"}, "2.4.0", id="2.4 may be 2.4.0"),
    ],
)
def test_the_version_of_the_file_stands_first(target: Any, version: str) -> None:
    whole = conf(rendered(on_target(target)))
    assert list(whole.settings.items())[:2] == [
        ("dovecot_config_version", version),
        ("dovecot_storage_version", "2.4.0"),
    ]


def test_the_old_dialect_has_no_version() -> None:
    assert [name for name in conf(on(OLD)).settings if name.startswith("dovecot_")] == []


@pytest.mark.parametrize(
    "target", ["debian-11", OLD, NEW, "debian-forky", "ubuntu-22.04", "ubuntu-24.04"]
)
def test_nothing_rendered_is_found_wrong(target: str) -> None:
    everything = {
        "protocols": EVERY_PORT,
        "domains": {"example.org": {"client_host": "in.example.org", "tls": TLS}},
        **options("dovecot", quota="1G", last_login=True, sieve_before="keep;"),
    }
    assert on(target, everything).codes("DVC", "TLS") == []
    assert fleet_on(target).codes("DVC", "TLS") == []
