"""Organizational domains by the Public Suffix List."""

import pytest

from mailconf.formats.public_suffix import is_public_suffix, organizational_domain


@pytest.mark.parametrize(
    ("name", "organization"),
    [
        ("example.org", "example.org"),
        ("a.b.example.org", "example.org"),
        ("mail.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("nowhere.invalid", "nowhere.invalid"),
    ],
)
def test_an_organization_is_one_label_below_its_suffix(name: str, organization: str) -> None:
    assert organizational_domain(name) == organization


def test_a_suffix_belongs_to_nobody() -> None:
    assert is_public_suffix("co.uk")
    assert not is_public_suffix("example.co.uk")
