"""Dovecot: accounts and listeners."""

from mailconf.model.artifact import Package
from mailconf.plugins.dovecot import plugin
from mailconf.plugins.dovecot.accounts import accounts
from mailconf.plugins.dovecot.listeners import logins
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

MAILBOXES = {"alice": {"password": "ref+env://HASH", "quota": "1K"}, "bob": {}}
SPEC = spec_of(domains={"example.org": {"mailboxes": MAILBOXES}})


def test_every_mailbox_is_an_account() -> None:
    alice, bob = accounts(SPEC)
    assert (alice.address, alice.password, alice.quota) == (
        "alice@example.org",
        "\0ref+env://HASH\0",
        "1024",
    )
    assert (bob.password, bob.quota) == ("", "")


def test_only_accounts_with_a_password_can_log_in() -> None:
    orders = {order.path.name: order for order in yielded(plugin.files, view(plugin, SPEC))}
    assert [user.address for user in orders["passwords"].data] == ["alice@example.org"]
    assert (orders["passwords"].group, orders["passwords"].mode) == ("dovecot", 0o640)
    assert len(orders["users"].data) == 2


def test_a_listener_that_is_not_offered_is_closed_by_port_0() -> None:
    imap, pop3 = logins(spec_of().endpoints)
    assert [(inet.name, inet.port) for inet in imap.listeners] == [("imaps", 993), ("imap", 0)]
    assert (imap.is_open, pop3.is_open) == (True, False)


def test_packages_follow_the_protocols() -> None:
    spec = spec_of(protocols={"imaps": "off", "pop3s": {"port": 995}})
    needs = yielded(plugin.files, view(plugin, spec))[0].needs
    names = [need.name for need in needs if isinstance(need, Package)]
    assert names == ["dovecot-lmtpd", "dovecot-pop3d"]
