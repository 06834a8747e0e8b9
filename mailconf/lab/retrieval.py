"""Fetching mail as users do, over IMAP and POP3, with the standard library's clients.

Independent of mailconf's own protocol code on purpose: one is the other's witness.
"""

from __future__ import annotations

import imaplib
import poplib
import socket
import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage

from mailconf.lab.mail import SECONDS, Login, connect
from mailconf.model.endpoint import EndpointAddress, Security

FAULTS = (imaplib.IMAP4.error, poplib.error_proto)
"""What reading a mailbox may raise besides OSError."""


def fetch(
    at: EndpointAddress, context: ssl.SSLContext, login: Login, token: str
) -> EmailMessage | None:
    """Return the message with a token, or None when it is not there (yet)."""
    octets = fetch_octets(at, context, login, token)
    message = message_from_bytes(octets, policy=policy.default) if octets else None
    return message if isinstance(message, EmailMessage) else None


def fetch_octets(at: EndpointAddress, context: ssl.SSLContext, login: Login, token: str) -> bytes:
    """Return the message with a token as it lies there; nothing when it is not there (yet)."""
    read = _by_imap if at.endpoint.protocol.family == "imap" else _by_pop3
    return read(at, context, login, token)


class Imap(imaplib.IMAP4):
    """A session at one address of a listener, with TLS from the first octet where it has that."""

    def __init__(self, at: EndpointAddress, context: ssl.SSLContext) -> None:
        self._at, self._context = at, context
        super().__init__(at.endpoint.host, at.endpoint.port, SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = connect(self._at)
        if self._at.endpoint.security is Security.IMPLICIT_TLS:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        return plain


def _by_imap(at: EndpointAddress, context: ssl.SSLContext, login: Login, token: str) -> bytes:
    with Imap(at, context) as client:
        if at.endpoint.security is Security.STARTTLS:
            client.starttls(context)
        client.login(login.address, login.password)
        client.select("INBOX", readonly=True)
        _, found = client.search(None, "HEADER", "Message-ID", f'"{token}"')
        numbers = found[0].split()
        if not numbers:
            return b""
        _, parts = client.fetch(numbers[-1].decode(), "(BODY.PEEK[])")
        return parts[0][1] if isinstance(parts[0], tuple) else b""


class _Pop3(poplib.POP3):
    def __init__(self, at: EndpointAddress, context: ssl.SSLContext) -> None:
        self._at, self._context = at, context
        super().__init__(at.endpoint.host, at.endpoint.port, SECONDS)

    def _create_socket(self, timeout: float) -> socket.socket:
        plain = connect(self._at)
        if self._at.endpoint.security is Security.IMPLICIT_TLS:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        return plain


def _by_pop3(at: EndpointAddress, context: ssl.SSLContext, login: Login, token: str) -> bytes:
    client = _Pop3(at, context)
    try:
        if at.endpoint.security is Security.STARTTLS:
            client.stls(context)
        client.user(login.address)
        client.pass_(login.password)
        for number in range(client.stat()[0], 0, -1):
            octets = b"\r\n".join(client.retr(number)[1]) + b"\r\n"
            if token.encode() in octets:
                return octets
        return b""
    finally:
        client.quit()
