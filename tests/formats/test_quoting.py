"""Values are written for each target, or refused."""

from collections.abc import Callable

import dns.rdata
import pytest
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import quoting
from mailconf.formats.quoting import UnrepresentableError, character_strings, zone_strings


@given(st.text(max_size=600))
def test_a_text_record_reads_back_from_a_zone_file(text: str) -> None:
    rdata = dns.rdata.from_text("IN", "TXT", zone_strings(text))
    assert isinstance(rdata, TXT)
    assert b"".join(rdata.strings) == text.encode()


@given(st.text(max_size=2000))
def test_no_string_is_longer_than_255_octets(text: str) -> None:
    parts = character_strings(text)
    assert max(map(len, parts)) <= 255
    assert b"".join(parts) == text.encode()


@pytest.mark.parametrize(
    ("write", "value", "written"),
    [
        pytest.param(quoting.postfix_value, "mail.example.org", "mail.example.org", id="plain"),
        pytest.param(quoting.postfix_value, "$10 off", "$$10 off", id="dollar"),
        pytest.param(quoting.postfix_key, "Alice@Example.ORG", "alice@example.org", id="key"),
        pytest.param(quoting.postfix_address, "Al@b.example", "Al@b.example", id="address"),
        pytest.param(
            quoting.postfix_result,
            "lmtp:unix:private/dovecot-lmtp",
            "lmtp:unix:private/dovecot-lmtp",
            id="transport",
        ),
        pytest.param(
            quoting.postfix_result,
            "secure match=mx1.example.net:mx2.example.net",
            "secure match=mx1.example.net:mx2.example.net",
            id="TLS policy of several words",
        ),
        pytest.param(quoting.postfix_result, "REJECT $10", "REJECT $10", id="dollar in a result"),
        pytest.param(
            quoting.postfix_substitution,
            "$1@x.example",
            "$$1@x.example",
            id="no group of a pattern",
        ),
        pytest.param(quoting.dovecot_value, "/var/vmail", "/var/vmail", id="path"),
        pytest.param(quoting.dovecot_value, 'a "b" #c', '"a \\"b\\" #c"', id="dovecot quotes"),
        pytest.param(quoting.nginx_value, "/a b;", '"/a b;"', id="nginx quotes"),
        pytest.param(quoting.passwd_field, "alice@example.org", "alice@example.org", id="passwd"),
    ],
)
def test_values(write: Callable[[object], str], value: str, written: str) -> None:
    assert write(value) == written


@pytest.mark.parametrize(
    ("write", "value"),
    [
        pytest.param(quoting.postfix_value, "a\nb = c", id="line end in main.cf"),
        pytest.param(quoting.postfix_value, " a", id="leading space in main.cf"),
        pytest.param(quoting.postfix_key, "a b", id="space in a key"),
        pytest.param(quoting.postfix_key, "", id="empty key"),
        pytest.param(quoting.postfix_address, "a@b.example,c@d.example", id="two addresses"),
        pytest.param(quoting.postfix_result, "", id="empty result"),
        pytest.param(quoting.postfix_substitution, "a b", id="two words for one"),
        pytest.param(quoting.postfix_result, "smtp:\nx smtp:", id="line end in a result"),
        pytest.param(quoting.postfix_result, "smtp:\t", id="tab in a result"),
        pytest.param(quoting.postfix_result, " smtp:", id="leading space in a result"),
        pytest.param(quoting.postfix_result, "smtp: ", id="trailing space in a result"),
        pytest.param(quoting.dovecot_value, "a\nb", id="line end in dovecot.conf"),
        pytest.param(quoting.nginx_value, "$host", id="variable in nginx.conf"),
        pytest.param(quoting.passwd_field, "a:b", id="colon in a passwd file"),
    ],
)
def test_what_cannot_be_written_is_refused(write: Callable[[object], str], value: str) -> None:
    with pytest.raises(UnrepresentableError):
        write(value)
