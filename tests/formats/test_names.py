"""Domain names: A-labels inside, one place for dots."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats.names import (
    DomainNameError,
    a_labels,
    absolute,
    covers,
    is_under,
    parent,
    relative,
    reverse_name,
    upwards,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("example.org", "example.org", id="plain"),
        pytest.param("Example.ORG.", "example.org", id="case and final dot"),
        pytest.param("bücher.example", "xn--bcher-kva.example", id="umlaut"),
        pytest.param("BÜCHER.example", "xn--bcher-kva.example", id="capital umlaut"),
        pytest.param("straße.example", "xn--strae-oqa.example", id="sharp s stays (IDNA 2008)"),
        pytest.param("例え。テスト", "xn--r8jz45g.xn--zckzah", id="full-width dot"),
        pytest.param("_dmarc.example.org", "_dmarc.example.org", id="underscore of an owner"),
    ],
)
def test_a_labels(text: str, name: str) -> None:
    assert a_labels(text) == name
    assert a_labels(name) == name


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("a..b", id="empty label"),
        pytest.param("exa mple.org", id="space"),
        pytest.param("-a.example", id="hyphen first"),
        pytest.param("a" * 64 + ".example", id="long label"),
        pytest.param(".".join(["a" * 60] * 5), id="long name"),
        pytest.param("user@example.org", id="address"),
        pytest.param("https://example.org", id="URL"),
        pytest.param("☃️\u200d.example", id="no letter"),
    ],
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(DomainNameError):
        a_labels(text)


@given(st.text(max_size=80))
def test_any_text_is_a_name_or_refused(text: str) -> None:
    try:
        name = a_labels(text)
    except DomainNameError:
        return
    assert name.isascii()
    assert relative(absolute(name)) == name


def test_dots_are_put_on_and_taken_off() -> None:
    assert absolute("example.org") == "example.org."
    assert relative("example.org.") == "example.org"
    assert parent("mail.example.org.") == "example.org."
    assert (parent("org."), parent("."), absolute("")) == (".", ".", ".")


@pytest.mark.parametrize(
    ("name", "apex", "inside"),
    [
        ("mail.example.org.", "example.org.", True),
        ("example.org.", "example.org.", True),
        ("badexample.org.", "example.org.", False),
        ("example.org.", ".", True),
    ],
)
def test_is_under(name: str, apex: str, inside: bool) -> None:
    assert is_under(name, apex) is inside


def test_reverse_names() -> None:
    assert reverse_name(ip_address("192.0.2.25")) == "25.2.0.192.in-addr.arpa."
    assert reverse_name(ip_address("2001:db8::1")).endswith(".8.b.d.0.1.0.0.2.ip6.arpa.")


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("mail.example.org", "MAIL.example.org", True),
        ("*.example.org", "mail.example.org", True),
        ("*.example.org", "a.mail.example.org", False),
        ("*.example.org", "example.org", False),
        ("m*.example.org", "mail.example.org", False),
    ],
)
def test_names_are_matched_as_clients_do(pattern: str, name: str, covered: bool) -> None:
    assert covers(pattern, name) is covered


def test_every_name_above_is_told_up_to_the_root() -> None:
    assert list(upwards("a.example.")) == ["a.example.", "example.", "."]
    assert list(upwards(".")) == ["."]
