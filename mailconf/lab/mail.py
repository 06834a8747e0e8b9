"""Sending mail as users and strangers do, with the standard library's clients.

Independent of mailconf's own protocol code on purpose: one is the other's witness.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from mailconf.model.endpoint import EndpointAddress, Security
from mailconf.model.questions.sessions import Reply

SECONDS = 15
GOODBYE = 221
HEAD = b"From: stranger@mailconf-peer.example\r\nSubject: mailconf lab\r\n\r\n"


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


def connect(at: EndpointAddress) -> socket.socket:
    """Return a TCP connection to a listener, whatever its host name resolves to; raises OSError."""
    return socket.create_connection((str(at.address), at.endpoint.port), SECONDS)


class Smtp(smtplib.SMTP):
    """An SMTP client that dials a listener and knows it by its name."""

    def __init__(self, at: EndpointAddress, context: ssl.SSLContext, hello: str) -> None:
        self._at, self._context = at, context
        super().__init__(at.endpoint.host, at.endpoint.port, hello, SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = connect(self._at)
        if self._at.endpoint.security is Security.IMPLICIT_TLS:
            return self._context.wrap_socket(plain, server_hostname=host)
        return plain


def submit(
    at: EndpointAddress,
    context: ssl.SSLContext,
    login: Login,
    message: EmailMessage,
    sender: str | None = None,
) -> None:
    """Send a message as a user; raises smtplib.SMTPException or OSError.

    `sender` is that of the envelope, empty for the null sender; without it the author's address.
    """
    with Smtp(at, context, "client.mailconf-lab.example") as client:
        if at.endpoint.security is Security.STARTTLS:
            client.starttls(context=context)
        client.login(login.address, login.password)
        client.send_message(message, from_addr=sender)


def dialogue(
    at: EndpointAddress,
    context: ssl.SSLContext,
    hello: str,
    commands: Iterable[str],
    login: Login | None,
) -> Reply:
    """Say SMTP commands until one is refused, and return the last reply; raises OSError.

    TLS first, then the login where one is given. No message follows.
    """
    with Smtp(at, context, hello) as client:
        if at.endpoint.security is Security.STARTTLS:
            client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
        if login:
            client.login(login.address, login.password)
        reply = Reply("000")
        for command in commands:
            code, text = client.docmd(command)
            reply = Reply(str(code), (text.decode("utf-8", "backslashreplace"),))
            if not reply.is_positive:
                break
        return reply


def pour(
    at: EndpointAddress, context: ssl.SSLContext, hello: str, envelope: Iterable[str], body: bytes
) -> None:
    """Send a body as it is, without announcing its size; raises SMTPException or OSError."""
    with Smtp(at, context, hello) as client:
        client.starttls(context=context)
        client.ehlo()
        for command in envelope:
            code, text = client.docmd(command)
            if code >= 400:  # noqa: PLR2004, RFC 5321 §4.2.1
                raise smtplib.SMTPResponseException(code, text)
        code, text = client.data(body)
        if code >= 400:  # noqa: PLR2004, RFC 5321 §4.2.1
            raise smtplib.SMTPDataError(code, text)


def ends_early(
    at: EndpointAddress,
    context: ssl.SSLContext,
    hello: str,
    envelope: Iterable[str],
    sequence: bytes,
) -> bool:
    """Tell whether a sequence of octets ends a message.

    A command follows it, then the true end of data, then QUIT: a server that has been taken in
    answers once for the message and again for what it then reads as commands.
    """
    with Smtp(at, context, hello) as client:
        client.starttls(context=context)
        client.ehlo()
        for command in (*envelope, "DATA"):
            code, text = client.docmd(command)
            if code >= 400:  # noqa: PLR2004, RFC 5321 §4.2.1
                raise smtplib.SMTPResponseException(code, text)
        client.send(HEAD + b"before" + sequence + b"NOOP\r\n")
        client.send(b"\r\n.\r\nQUIT\r\n")
        client.getreply()
        code, _ = client.getreply()
        client.close()
        return code != GOODBYE


def says_in_clear(at: EndpointAddress, commands: Iterable[str]) -> str:
    """Say commands without TLS, a line at a time, and return the last answer; raises OSError."""
    with connect(at) as plain, plain.makefile("rb") as lines:
        answer = lines.readline()
        for command in commands:
            while _goes_on(at, answer):
                answer = lines.readline()
            plain.sendall(f"{command}\r\n".encode())
            answer = lines.readline()
        while _goes_on(at, answer):
            answer = lines.readline()
    return answer.decode("utf-8", "backslashreplace").strip()


def _goes_on(at: EndpointAddress, line: bytes) -> bool:
    """Tell whether more lines of the same answer follow, in the manner of the protocol."""
    if at.endpoint.protocol.family == "smtp":
        return line[3:4] == b"-"
    if at.endpoint.protocol.family == "sieve":
        return line.startswith(b'"')
    return line.startswith(b"* CAPABILITY")


def handshake(at: EndpointAddress, version: ssl.TLSVersion, ciphers: str = "ALL") -> bool:
    """Tell whether a server starts TLS in one version, with one of some ciphers.

    `ciphers` is OpenSSL's cipher string (openssl-ciphers(1)). Raises OSError when the server
    says nothing.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # OpenSSL itself refuses old versions from security level 1 on: here the server is to refuse.
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    with connect(at) as plain:
        if at.endpoint.security is Security.STARTTLS:
            _ask_for_tls(at, plain)
        try:
            with context.wrap_socket(plain):
                return True
        except (ssl.SSLError, ConnectionResetError):
            return False


UPGRADES = {
    "smtp": ("EHLO client.mailconf-lab.example", "STARTTLS"),
    "imap": ("a STARTTLS",),
    "pop3": ("STLS",),
    "sieve": ("STARTTLS",),
}


def _ask_for_tls(at: EndpointAddress, plain: socket.socket) -> None:
    """Ask for TLS on a socket, reading not an octet more than the answers."""
    _one_answer(at, plain)
    for command in UPGRADES[at.endpoint.protocol.family]:
        plain.sendall(f"{command}\r\n".encode())
        _one_answer(at, plain)


def _one_answer(at: EndpointAddress, plain: socket.socket) -> None:
    line = b""
    while True:
        octet = plain.recv(1)
        if not octet:
            raise ConnectionResetError("the connection was closed before TLS")
        line += octet
        if octet == b"\n":
            if not _goes_on(at, line):
                return
            line = b""


def inject(
    at: EndpointAddress, context: ssl.SSLContext, hello: str, sender: str, message: EmailMessage
) -> None:
    """Send a message as another server does, on port 25 and without a login."""
    with Smtp(at, context, hello) as client:
        client.starttls(context=context)
        client.send_message(message, from_addr=sender)
