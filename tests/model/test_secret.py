"""Secrets are references."""

import pytest
from pydantic import TypeAdapter, ValidationError

from mailconf.model.secret import SecretRef, marked, without_marks


@pytest.mark.parametrize(
    "text", ["ref+env://HASH", "ref+file://keys/a.pem", "ref+exec://pass mail"]
)
def test_references(text: str) -> None:
    assert TypeAdapter(SecretRef).validate_python(text) == text


@pytest.mark.parametrize("text", ["hunter2", "{SHA512-CRYPT}$6$x", "ref+ftp://x", "ref+env://"])
def test_a_secret_itself_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SecretRef).validate_python(text)


def test_marks_come_off() -> None:
    assert without_marks(f"a {marked('ref+env://X')} b") == "a ref+env://X b"
