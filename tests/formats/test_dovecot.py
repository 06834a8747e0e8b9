"""dovecot.conf in both dialects, and what counts as the same value."""

import pytest

from mailconf.formats.dovecot import DovecotConf, DovecotSyntaxError, meaning

TEXT = """# comment
ssl = required
mail_plugins = quota
passdb {
  driver = passwd-file
}
passdb {
  driver = sql
}
plugin {
  sieve = file:~/sieve
}
plugin {
  quota = count:User quota
}
protocol imap {
  mail_plugins = $mail_plugins imap_quota
}
"""


def test_settings_are_known_by_their_path() -> None:
    assert DovecotConf.parse(TEXT).settings == {
        ("ssl",): "required",
        ("mail_plugins",): "quota",
        ("passdb", "driver"): "passwd-file",
        ("passdb 2", "driver"): "sql",
        ("plugin", "sieve"): "file:~/sieve",
        ("plugin", "quota"): "count:User quota",
        ("protocol imap", "mail_plugins"): "$mail_plugins imap_quota",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("a {\n", "a is never closed", id="open"),
        pytest.param("a = b\n}\n", "line 2: a brace closes", id="closed twice"),
        pytest.param("nonsense\n", "line 1: found 'nonsense'", id="no value"),
    ],
)
def test_what_is_no_configuration(text: str, told: str) -> None:
    with pytest.raises(DovecotSyntaxError, match=told):
        DovecotConf.parse(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("2G", "2147483648B", id="size"),
        pytest.param("5 G", "5368709120", id="size with a blank"),
        pytest.param("1 hours", "60 min", id="span"),
        pytest.param("a, b", "a b", id="list"),
        pytest.param('"552 5.2.2 full"', "552 5.2.2 full", id="quotes"),
        pytest.param(r'"\\Sent"', r"\Sent", id="escape"),
        pytest.param("10%%", "10%", id="percent"),
    ],
)
def test_two_spellings_mean_the_same(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)


def test_other_values_differ() -> None:
    assert meaning("yes") != meaning("no")


def test_the_daemon_s_own_spelling_is_no_difference() -> None:
    meant = DovecotConf.parse(TEXT + "ssl_server_key_file = /k\n")
    told = TEXT.replace("$mail_plugins", "quota") + "ssl_server {\n  key_file = /k\n}\n"
    assert list(meant.differences(DovecotConf.parse(told))) == []


def test_a_lost_or_changed_setting_is_a_difference() -> None:
    told = DovecotConf.parse(TEXT.replace("required", "yes").replace("  driver = sql\n", ""))
    assert list(DovecotConf.parse(TEXT).differences(told)) == [
        (("ssl",), "required", "yes"),
        (("passdb 2", "driver"), "sql", "nothing"),
        (("protocol imap", "mail_plugins"), "$mail_plugins imap_quota", "$mail_plugins imap_quota"),
    ]
