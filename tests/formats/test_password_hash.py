"""Hashes that crypt(3) and libsodium verify passwords with, and those that they do not."""

import base64

import pytest

from mailconf.engine.passwords import argon2id
from mailconf.formats.password_hash import crypt_strength, decoded, is_argon2, is_pbkdf2

# Test vectors of the specification of SHA-crypt, and of crypt_blowfish.
PUBLISHED = (
    "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8",
    "$5$rounds=10000$saltstringsaltst$3xv.VbSCBX41eDL9L3voZedoGq6eWcW.9CvUCFhKGhe",
    "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
)


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_vectors_are_strong(text: str) -> None:
    assert crypt_strength(text) == "strong"
    assert crypt_strength(text[:-1]) == "none"
    assert crypt_strength(f"{text}:") == "none"


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("$1$salt$" + "a" * 22, "weak"),
        ("a" * 13, "weak"),
        ("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$" + "a" * 43, "strong"),
        ("$gy$j9T$salt$" + "a" * 43, "strong"),
        ("$7$CU..../....salt$" + "a" * 43, "strong"),
        ("$6$rounds=999$salt$" + "a" * 86, "none"),
        ("$6$seventeen-letters$" + "a" * 86, "none"),
        ("$2y$32$" + "a" * 53, "none"),
        ("hunter2", "none"),
        ("", "none"),
    ],
)
def test_methods_of_crypt(text: str, strength: str) -> None:
    assert crypt_strength(text) == strength


def test_argon2_as_we_make_it_is_read() -> None:
    made = argon2id("x", 1, 64).removeprefix("{ARGON2ID}")
    assert is_argon2(made)
    assert not is_argon2(made.replace("m=64", "m=7"))
    assert not is_argon2(made.replace("t=1", "t=0"))
    assert not is_argon2(made[:-30])


def test_pbkdf2_is_as_dovecot_writes_it() -> None:
    assert is_pbkdf2("$1$salt$5000$" + "0a" * 20)
    assert not is_pbkdf2("hunter2")
    assert not is_pbkdf2("$1$salt$0$" + "0a" * 20)


@pytest.mark.parametrize("text", PUBLISHED)
def test_encodings(text: str) -> None:
    assert decoded(text, "") == text
    assert decoded(base64.b64encode(text.encode()).decode(), "B64") == text
    assert decoded(text.encode().hex().upper(), "hex") == text


@pytest.mark.parametrize(
    ("text", "encoding"), [("hunter2", "B64"), ("xx", "HEX"), ("aa", "B32"), ("/w==", "b64")]
)
def test_what_is_in_no_encoding(text: str, encoding: str) -> None:
    with pytest.raises(ValueError, match=encoding):
        decoded(text, encoding)
