"""Protocols are what IANA and RFC 8314 say they are."""

import socket

import pytest

from mailconf.model.endpoint import PROTOCOLS, Protocol, Security


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
def test_ports_are_those_of_the_services_file(protocol: Protocol) -> None:
    known = {"submissions": 465}  # some systems still call it smtps or urd
    try:
        port = socket.getservbyname(protocol.name, "tcp")
    except OSError:
        port = known.get(protocol.name, protocol.port)
    assert protocol.port == port


def test_names_that_end_in_s_start_with_tls() -> None:
    implicit = {p.name for p in PROTOCOLS if p.security is Security.IMPLICIT_TLS}
    assert implicit == {"submissions", "imaps", "pop3s"}


def test_cleartext_access_is_closed_by_default() -> None:
    assert {p.name for p in PROTOCOLS if not p.offered} == {"imap", "pop3s", "pop3"}
