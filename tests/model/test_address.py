"""Addresses of the spec are canonical from the moment they are read."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from mailconf.model.address import (
    LoginAddress,
    ReportAddress,
    SenderAddress,
    TargetAddress,
    WholeAddress,
    reading,
)

CONTEXT = reading({"example.org": {}, "school.example": {"provider": "microsoft-365"}, "x.y": None})


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        pytest.param(WholeAddress, "Anna@EXAMPLE.org", "anna@example.org", id="ours has no case"),
        pytest.param(WholeAddress, "Anna@X.example", "Anna@x.example", id="others keep theirs"),
        pytest.param(
            WholeAddress, "Anna@School.example", "Anna@school.example", id="the provider's too"
        ),
        pytest.param(TargetAddress, "Anna+Tag", "anna+tag", id="a name here"),
        pytest.param(TargetAddress, "k@Bücher.example", "k@xn--bcher-kva.example", id="target"),
        pytest.param(SenderAddress, "@Bücher.example.", "@xn--bcher-kva.example", id="all of it"),
        pytest.param(SenderAddress, "Sales", "sales", id="sender here"),
        pytest.param(LoginAddress, "Anna@Example.ORG", "anna@example.org", id="login"),
        pytest.param(
            ReportAddress,
            "MAILTO:Dmarc@BÜCHER.example?subject=X",
            "mailto:Dmarc@xn--bcher-kva.example?subject=X",
            id="report",
        ),
        pytest.param(
            ReportAddress, "mailto:D@Example.org!10m", "mailto:d@example.org!10m", id="with a limit"
        ),
        pytest.param(ReportAddress, "https://X.example/Y", "https://X.example/Y", id="no mail"),
    ],
)
def test_one_spelling(kind: Any, text: str, read: str) -> None:
    assert TypeAdapter(kind).validate_python(text, context=CONTEXT) == read
    assert TypeAdapter(kind).validate_python(read, context=CONTEXT) == read


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        pytest.param(TargetAddress, "künde", "ASCII local part", id="target here"),
        pytest.param(TargetAddress, "künde@example.org", "ASCII local part", id="target"),
        pytest.param(SenderAddress, "@localhost", "full domain name", id="one label"),
        pytest.param(LoginAddress, "a+b@example.org", "without an extension", id="login"),
        pytest.param(ReportAddress, "mailto:ü@example.org", "ASCII local part", id="report"),
    ],
)
def test_what_is_none(kind: Any, text: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        TypeAdapter(kind).validate_python(text, context=CONTEXT)
