"""Services for our own hosts: delivery, quota and logins, beside Postfix or across a network."""

import pytest

from tests.plugins.dovecot.reading import BOTH, NEW, OLD, Block, conf
from tests.plugins.rendering import FLEET, SITE, Site, fleet_on, on_target, rendered


@BOTH
def test_postfix_beside_a_store_uses_sockets_in_its_chroot(target: str) -> None:
    whole = conf(rendered(on_target(target)))
    queue = "unix_listener /var/spool/postfix/private"
    lmtp = whole.one("service lmtp").one(f"{queue}/dovecot-lmtp")
    auth = whole.one("service auth").one(f"{queue}/auth")
    assert lmtp.settings == {"mode": "0600", "user": "postfix", "group": "postfix"}
    assert auth.settings == {"mode": "0660", "user": "postfix", "group": "postfix"}
    assert whole.one("service lmtp").all("inet_listener") == []


@BOTH
def test_a_store_takes_mail_of_other_hosts_inside_tls(target: str) -> None:
    whole = conf(fleet_on(target), "st1")
    lmtps = whole.one("service lmtp").one("inet_listener lmtps").settings
    name = {OLD: "address", NEW: "listen"}[target]
    assert lmtps == {name: "192.0.2.3, 2001:db8::3", "port": "24", "ssl": "yes"}
    heads = {block.head for block in whole.one("service auth").blocks}
    assert heads <= {"unix_listener auth-userdb", "unix_listener auth-token"}


def with_only(*keys: str) -> Site:
    """Return the fleet of these hosts, with everything else on one more machine."""
    hosts = {key: FLEET["hosts"][key] for key in keys} | SITE["hosts"]
    return rendered(base={"version": 1, "hosts": hosts, "domains": SITE["domains"]})


@pytest.mark.parametrize(
    ("site", "host", "addresses"),
    [
        pytest.param(rendered(), "mail", "127.0.0.1", id="beside Postfix"),
        pytest.param(with_only("mx1"), "mail", "127.0.0.1, 192.0.2.25", id="another edge asks"),
        pytest.param(with_only("bak"), "mail", "127.0.0.1, 192.0.2.25", id="a backup asks"),
        pytest.param(fleet_on(OLD), "st2", "192.0.2.4", id="across a network alone"),
    ],
)
def test_quota_is_told_where_postfix_asks(site: Site, host: str, addresses: str) -> None:
    policy = conf(site, host).one("service quota-status").one("inet_listener").settings
    assert policy == {"address": addresses, "port": "12340"}


def test_a_backup_hands_no_mail_to_the_store() -> None:
    lmtp = {key: conf(with_only(key)).one("service lmtp") for key in ("mx1", "bak")}
    assert {key: len(block.all("inet_listener")) for key, block in lmtp.items()} == {
        "mx1": 1,
        "bak": 0,
    }


@BOTH
def test_a_host_that_only_authenticates_asks_every_store(target: str) -> None:
    whole = conf(fleet_on(target), "sub")
    assert [asked(block) for block in asking(whole)] == [
        ("st1.example.org", "993", "imaps"),
        ("st2.example.org", "993", "imaps"),
    ]
    services = {block.head for block in whole.all("service")}
    assert services - {"service auth-worker"} == {"service auth", "service indexer"}
    assert whole.all("userdb") == whole.all("namespace") == whole.all("protocols") == []


@BOTH
def test_a_store_is_asked_about_the_users_of_its_own_domains(target: str) -> None:
    """The others would wait until the first store has refused their right passwords."""
    filters = [block.settings["username_filter"] for block in asking(conf(fleet_on(target), "sub"))]
    assert filters == ["*@example.org", "*@example.net"]


def test_the_only_store_is_asked_about_everybody() -> None:
    (block,) = asking(conf(with_only("sub"), "sub"))
    assert "username_filter" not in block.settings


def test_wrong_passwords_are_counted_where_a_store_is_asked() -> None:
    last = conf(fleet_on(NEW), "sub").all("passdb")[-1]
    assert last.head == "passdb static"
    assert last.settings["deny"] == "yes"
    assert last.settings["result_success"] == "return-fail"


def asking(whole: Block) -> list[Block]:
    """Return the passdbs that ask over IMAP."""
    return [block for block in whole.all("passdb") if block.settings.get("driver") == "imap"]


def asked(passdb: Block) -> tuple[str, str, str]:
    """Return host, port and TLS of a passdb that asks over IMAP."""
    assert passdb.settings["driver"] == "imap"
    if "args" in passdb.settings:
        args = dict(word.split("=", 1) for word in passdb.settings["args"].split())
        return args["host"], args["port"], args["ssl"]
    names = ("imapc_host", "imapc_port", "imapc_ssl")
    host, port, ssl = (passdb.settings[name] for name in names)
    return host, port, ssl


def test_the_store_is_asked_only_when_its_certificate_is_right() -> None:
    authorities = "/etc/ssl/certs/ca-certificates.crt"
    old = conf(fleet_on(OLD), "sub").all("passdb")[0].settings["args"]
    assert f"ssl_ca_file={authorities}" in old.split()
    assert conf(fleet_on(NEW), "sub").settings["ssl_client_ca_file"] == authorities
