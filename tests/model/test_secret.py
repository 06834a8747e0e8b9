"""Secrets are references."""

import pytest
from pydantic import TypeAdapter, ValidationError

from mailconf.model.secret import SecretRef, marked


@pytest.mark.parametrize(
    "text", ["ref+env://HASH", "ref+file://keys/a.pem", "ref+exec://pass mail"]
)
def test_references(text: str) -> None:
    assert TypeAdapter(SecretRef).validate_python(text) == text


@pytest.mark.parametrize("text", ["hunter2", "{SHA512-CRYPT}$6$x", "ref+ftp://x", "ref+env://"])
def test_a_secret_itself_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SecretRef).validate_python(text)


def test_a_mark_stands_on_both_sides() -> None:
    assert marked("ref+env://X") == "\0ref+env://X\0"
