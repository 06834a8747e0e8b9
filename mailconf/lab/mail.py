"""Sending and fetching mail as users and strangers do, with the standard library's clients.

Independent of mailconf's own protocol code on purpose: one is the other's witness.
"""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import socket
import ssl
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate

from mailconf.model.endpoint import Listener, Security

SECONDS = 15
FAULTS = (imaplib.IMAP4.error, poplib.error_proto)
"""What reading a mailbox may raise besides OSError."""


@dataclass(frozen=True, slots=True)
class Login:
    """A user of the lab."""

    address: str
    password: str


def compose(sender: str, recipient: str, token: str) -> EmailMessage:
    """Return a message that can be found again by its token."""
    message = EmailMessage()
    message["From"], message["To"] = sender, recipient
    message["Subject"] = f"mailconf lab {token}"
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{token}@{sender.rpartition('@')[2]}>"
    message.set_content("A message of the lab.\n")
    return message


def _connect(at: Listener) -> socket.socket:
    return socket.create_connection((str(at.address), at.endpoint.port), SECONDS)


class _Smtp(smtplib.SMTP):
    """An SMTP client that dials a listener and knows it by its name."""

    def __init__(self, at: Listener, context: ssl.SSLContext, hello: str) -> None:
        self._at, self._context = at, context
        super().__init__(at.endpoint.host, at.endpoint.port, hello, SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = _connect(self._at)
        if self._at.endpoint.security is Security.IMPLICIT_TLS:
            return self._context.wrap_socket(plain, server_hostname=host)
        return plain


def submit(at: Listener, context: ssl.SSLContext, login: Login, message: EmailMessage) -> None:
    """Send a message as a user; raises smtplib.SMTPException or OSError."""
    with _Smtp(at, context, "client.mailconf-lab.example") as client:
        if at.endpoint.security is Security.STARTTLS:
            client.starttls(context=context)
        client.login(login.address, login.password)
        client.send_message(message)


def inject(
    at: Listener, context: ssl.SSLContext, hello: str, sender: str, message: EmailMessage
) -> None:
    """Send a message as another server does, on port 25 and without a login."""
    with _Smtp(at, context, hello) as client:
        client.starttls(context=context)
        client.send_message(message, from_addr=sender)


def fetch(at: Listener, context: ssl.SSLContext, login: Login, token: str) -> EmailMessage | None:
    """Return the message with a token, or None when it is not there (yet)."""
    read = _by_imap if at.endpoint.protocol.family == "imap" else _by_pop3
    octets = read(at, context, login, token)
    message = message_from_bytes(octets, policy=policy.default) if octets else None
    return message if isinstance(message, EmailMessage) else None


class _Imap(imaplib.IMAP4):
    def __init__(self, at: Listener, context: ssl.SSLContext) -> None:
        self._at, self._context = at, context
        super().__init__(at.endpoint.host, at.endpoint.port, SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = _connect(self._at)
        if self._at.endpoint.security is Security.IMPLICIT_TLS:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        return plain


def _by_imap(at: Listener, context: ssl.SSLContext, login: Login, token: str) -> bytes:
    with _Imap(at, context) as client:
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
    def __init__(self, at: Listener, context: ssl.SSLContext) -> None:
        self._at, self._context = at, context
        super().__init__(at.endpoint.host, at.endpoint.port, SECONDS)

    def _create_socket(self, timeout: float) -> socket.socket:
        plain = _connect(self._at)
        if self._at.endpoint.security is Security.IMPLICIT_TLS:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        return plain


def _by_pop3(at: Listener, context: ssl.SSLContext, login: Login, token: str) -> bytes:
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
