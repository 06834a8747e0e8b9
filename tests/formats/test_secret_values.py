"""What stands behind a reference is what its place needs; tests of all forms are with Secrets."""

import pytest

from mailconf.formats.secret_values import SecretValueError, one_line, private_key


def test_one_final_line_end_is_taken_off() -> None:
    assert one_line(b"a b\n") == "a b"
    with pytest.raises(SecretValueError, match="has 2 lines; expected one line"):
        one_line(b"a b\n\n")


def test_a_key_of_another_length_is_no_seed() -> None:
    with pytest.raises(SecretValueError, match="no private key"):
        private_key(b"aGVsbG8=\n")
