"""What stands behind a reference is what its place needs; tests of all forms are with Secrets."""

import re

import pytest

from mailconf.formats.secret_values import SecretValueError, one_line, private_key, spelled


def test_one_final_line_end_is_taken_off() -> None:
    assert one_line(b"a b\n") == "a b"
    with pytest.raises(SecretValueError, match="has 2 lines; expected one line"):
        one_line(b"a b\n\n")


def test_a_key_of_another_length_is_no_seed() -> None:
    with pytest.raises(SecretValueError, match="no private key"):
        private_key(b"aGVsbG8=\n")


AWKWARD = [
    "a#b", "a b", "it's", "'q'", 'd"q"e', "end\\", " lead", "trail ", "$HOME", "per%cent", "%{user}",
    "%%{user}", "<file", "#start", '"full"', "ä€", "a=b;c",
]  # fmt: skip


def in_dovecot_quotes(text: str) -> str:
    """Read a value as both dialects do."""
    if text[:1] == text[-1:] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    assert not re.search(r"[#\\$<]|^['\"\s]|\s$", text)
    return text


def in_libpq(text: str) -> str:
    """Read a value of a connection string (PostgreSQL, libpq §34.1.1.1)."""
    if not text.startswith("'"):
        assert re.fullmatch(r"[^\\'\s]+", text)
        return text
    assert text.endswith("'")
    return re.sub(r"\\(.)", r"\1", text[1:-1])


@pytest.mark.parametrize("value", AWKWARD)
def test_dovecot_reads_the_very_value(value: str) -> None:
    """What daemons of both images read of each spelling: tests/lab/test_secrets.py."""
    new = spelled("dovecot", value)
    assert in_dovecot_quotes(new).replace("%%{", "%{") == value
    assert in_dovecot_quotes(spelled("dovecot-ext", value)) == value
    inner = in_dovecot_quotes(f'"{spelled("dovecot-pgsql", value)}"')
    assert in_libpq(inner) == value
    if " " not in value:
        assert in_dovecot_quotes(f'"{spelled("dovecot-mysql", value)}"') == value


@pytest.mark.parametrize(
    ("form", "value", "told"),
    [
        ("dovecot-pgsql", "hun  ter2", "has two spaces in a row"),
        ("dovecot-mysql", "hun ter2", "has a space"),
        ("sasl-password", "hunter2 ", "ends in a blank"),
        ("passwd-field", "hun:ter2", "has a colon"),
        ("url", "https://u:hun@a.example/#ter2", "is no URL"),
        ("url", "https://u:h un@a.example/", "is no URL"),
        ("url", "https://u:h$HOME@a.example/", "is no URL"),
        ("url", "ftp://hunter2.example/", "is no URL"),
        ("url", "https://u:hun@a.example:99999/", "is no URL"),
        ("url", "http://u:hun@a.example/", "is no URL"),
        ("url", "https:///hun", "is no URL"),
        ("srs-secret", " hunter2", "begins or ends in a blank"),
        ("srs-secret", "hunter2" * 200, "has more than 1000 characters"),
    ],
)
def test_what_a_file_cannot_hold_is_refused_unseen(form: str, value: str, told: str) -> None:
    with pytest.raises(SecretValueError, match=told) as caught:
        spelled(form, value)
    assert "hun" not in str(caught.value)


def test_what_has_no_syntax_stays() -> None:
    assert spelled("line", "a:b ") == "a:b "
    assert spelled("sasl-password", " a:b#c\\") == " a:b#c\\"
    url = "https://client:s3%40cret@judge.example/introspect?a=b&c=d"
    assert spelled("url", url) == url
    assert spelled("url", "http://[::1]:8080/judge") == "http://[::1]:8080/judge"
    assert spelled("url", "http://127.8.0.1:8080/judge") == "http://127.8.0.1:8080/judge"
