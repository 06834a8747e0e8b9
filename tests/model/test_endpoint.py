"""Protocols are what IANA and RFC 8314 say they are."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from mailconf.model.endpoint import (
    PROTOCOLS,
    Endpoint,
    EndpointAddress,
    Protocol,
    Security,
    SpecAddress,
    SpecNetwork,
)


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
def test_ports_are_those_of_the_services_file(protocol: Protocol) -> None:
    known = {"submissions": 465}  # some systems still call it smtps or urd
    try:
        port = socket.getservbyname(protocol.label, "tcp")
    except OSError:
        port = known.get(protocol.name, protocol.port)
    assert protocol.port == port


def test_names_that_end_in_s_start_with_tls() -> None:
    implicit = {p.name for p in PROTOCOLS if p.security is Security.IMPLICIT_TLS}
    assert implicit == {"submissions", "imaps", "pop3s"}


def test_only_what_every_site_needs_is_open_by_default() -> None:
    offered = {protocol.name for protocol in PROTOCOLS if protocol.offered}
    assert offered == {"smtp", "submissions", "submission", "imaps"}


def test_the_label_of_managesieve_is_not_its_name() -> None:
    odd = {p.name: p.label for p in PROTOCOLS if p.label != p.name}
    assert odd == {"managesieve": "sieve"}


def test_users_send_by_submission() -> None:
    assert {p.name for p in PROTOCOLS if p.is_submission} == {"submission", "submissions"}


def test_an_endpoint_is_a_url_and_a_listener_adds_the_address() -> None:
    address = ip_address("2001:db8::25")
    point = Endpoint(PROTOCOLS[1], "mail.example.org", (address,), 4465, ())
    assert str(point) == "submissions://mail.example.org:4465"
    assert (
        str(EndpointAddress(point, address)) == "submissions://mail.example.org:4465 [2001:db8::25]"
    )
    assert point.security is Security.IMPLICIT_TLS


@pytest.mark.parametrize("text", ["192.0.2.25", "2001:db8::25"])
def test_addresses(text: str) -> None:
    assert str(TypeAdapter(SpecAddress).validate_python(text)) == text


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.25", "192.0.2.25/32"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("2001:db8::25", "2001:db8::25/128"),
    ],
)
def test_networks(text: str, network: str) -> None:
    assert str(TypeAdapter(SpecNetwork).validate_python(text)) == network


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        pytest.param(SpecAddress, "192.0.2.256", "an IPv4 or IPv6 address", id="octet"),
        pytest.param(SpecAddress, "192.0.2.0/24", "an IPv4 or IPv6 address", id="network"),
        pytest.param(SpecAddress, "mail.example.org", "an IPv4 or IPv6 address", id="name"),
        pytest.param(SpecAddress, "fe80::1%eth0", "without a zone", id="zone"),
        pytest.param(SpecAddress, "::ffff:192.0.2.25", "192.0.2.25 as such", id="mapped"),
        pytest.param(
            SpecNetwork, "fe80::1%eth0/128", "an IPv4 or IPv6 network", id="zone of network"
        ),
        pytest.param(SpecNetwork, "192.0.2.1/24", "host bits zero", id="host bits"),
        pytest.param(SpecNetwork, "192.0.2.0/33", "such as 192.0.2.0/24", id="prefix length"),
    ],
)
def test_what_is_no_address(kind: Any, text: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        TypeAdapter(kind).validate_python(text)
