"""OpenDKIM: tables, keys and milters."""

from mailconf.model.setting import Setting
from mailconf.plugins.opendkim import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

ASKED = (Setting("opendkim", "mail", "example.org s1", "ref+file://k.pem", "dkim"),)


def test_a_private_key_is_a_secret_of_the_daemon() -> None:
    orders = yielded(plugin.files, view(plugin, spec_of(), settings=ASKED))
    key = orders[-1]
    assert str(key.path) == "etc/dkimkeys/example.org.s1.private"
    assert (key.owner, key.group, key.mode) == ("opendkim", "opendkim", 0o600)
    assert key.data == "\0ref+file://k.pem\0"


def test_without_keys_it_still_verifies() -> None:
    names = [str(order.path) for order in yielded(plugin.files, view(plugin, spec_of()))]
    assert names == ["etc/opendkim.conf", "etc/opendkim/keytable", "etc/opendkim/signingtable"]


def test_postfix_is_asked_on_every_way_in() -> None:
    settings = yielded(plugin.settings, view(plugin, spec_of(), options={"port": 8900}))
    assert {s.key for s in settings} == {"smtpd_milters", "submission_milters", "non_smtpd_milters"}
    assert {s.value for s in settings} == {"inet:127.0.0.1:8900"}
