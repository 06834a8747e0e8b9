"""A booted lab to experiment in: who can do what from where, in words that experiments use."""

import base64
import imaplib
import poplib
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from mailconf.lab import mail, retrieval
from mailconf.lab.lab import Lab
from mailconf.lab.machine import Machine
from mailconf.lab.mail import Login
from mailconf.lab.network import on_network_of
from mailconf.lab.peer import DOMAIN as PEER_DOMAIN
from mailconf.lab.peer import HOSTNAME as PEER_HOSTNAME
from mailconf.lab.peer import KEY as PEER_MACHINE
from mailconf.lab.rootfs import install
from mailconf.lab.roundtrip import CLIENT, listeners
from mailconf.lab.site import LabFile, Site
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.lab import Done

HOST = "mail"
STRANGER = f"stranger@{PEER_DOMAIN}"
DELIVERY_SECONDS = 15.0
POLL_SECONDS = 0.1


class Imap(imaplib.IMAP4_SSL):
    """An IMAP client that knows a server's address, and can look at raw answers."""

    def __init__(self, name: str, address: str, context: ssl.SSLContext) -> None:
        self._address, self._tls = address, context
        super().__init__(name, 993, ssl_context=context, timeout=mail.SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._address, self.port), timeout)
        return self._tls.wrap_socket(plain, server_hostname=self.host)

    def names(self, pattern: str = "*") -> list[str]:
        """Return the folders, with their flags, as the server lists them."""
        return [line.decode() for line in self.list('""', pattern)[1] if isinstance(line, bytes)]

    def subjects(self, folder: str) -> str:
        """Return all subjects in a folder as one text; nothing when it does not exist."""
        if self.select(f'"{folder}"', readonly=True)[0] != "OK":
            return ""
        parts = self.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        return " ".join(part[1].decode() for part in parts if isinstance(part, tuple))


class Pop3(poplib.POP3_SSL):
    """A POP3 client that knows a server's address."""

    def __init__(self, name: str, address: str, context: ssl.SSLContext) -> None:
        self._address, self._tls = address, context
        super().__init__(name, 995, timeout=mail.SECONDS, context=context)

    def _create_socket(self, timeout: float) -> socket.socket:
        plain = socket.create_connection((self._address, self.port), timeout)
        return self._tls.wrap_socket(plain, server_hostname=self.host)


@dataclass(frozen=True)
class Bench:
    """A lab that is up; everything but `strangers_say` happens on the client's network."""

    lab: Lab

    @property
    def site(self) -> Site:
        return self.lab.ours

    @property
    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.lab.authority_file))

    @property
    def host(self) -> Machine:
        return self.lab.machines[HOST]

    @property
    def hostname(self) -> str:
        return self.site.hosts[HOST].host.hostname

    @property
    def address(self) -> str:
        return str(self.site.hosts[HOST].host.addresses[0])

    @property
    def client_root(self) -> Path:
        return self.lab.machines[CLIENT].root

    def run_on_client(self, *command: str) -> Done:
        return self.lab.machines[CLIENT].run("env", "HOME=/tmp", *command)

    def write_on_client(self, path: str, text: str) -> str:
        install(self.client_root, path, LabFile(text, mode=0o600))
        return path

    def login(self, address: str) -> Login:
        return Login(address, self.site.passwords[address])

    def imap(self, address: str) -> Imap:
        client = Imap(self.hostname, self.address, self.context)
        login = self.login(address)
        client.login(login.address, login.password)
        return client

    def pop3(self, address: str) -> Pop3:
        client = Pop3(self.hostname, self.address, self.context)
        login = self.login(address)
        client.user(login.address)
        client.pass_(login.password)
        return client

    def at(self, use: str) -> EndpointAddress:
        return next(iter(listeners(self.site, use)))

    def submit(self, login: Login, message: EmailMessage) -> None:
        mail.submit(self.at("submission"), self.context, login, message)

    def deliver(self, message: EmailMessage) -> None:
        """Hand a message in as another server does."""

        def inject() -> None:
            mail.inject(self.at("smtp"), self.context, PEER_HOSTNAME, STRANGER, message)

        on_network_of(PEER_MACHINE, inject)

    def strangers_say(self, *commands: str) -> str:
        """Return the last reply to a stranger on port 25."""

        def say() -> str:
            at = self.at("smtp")
            return str(mail.dialogue(at, self.context, PEER_HOSTNAME, commands, None))

        return on_network_of(PEER_MACHINE, say)

    def read(self, login: Login, token: str, site: Site | None = None) -> EmailMessage | None:
        """Return the message with a token once it is there, or None after some seconds."""
        at = next(iter(listeners(site or self.site, "imap")))
        end = time.monotonic() + DELIVERY_SECONDS
        while time.monotonic() < end:
            message = retrieval.fetch(at, self.context, login, token)
            if message is not None:
                return message
            time.sleep(POLL_SECONDS)
        return None

    def turns_up(self, client: Imap, folder: str, word: str) -> bool:
        """Tell whether a subject comes into a folder within some seconds."""
        end = time.monotonic() + DELIVERY_SECONDS
        while time.monotonic() < end:
            if word in client.subjects(folder):
                return True
            time.sleep(POLL_SECONDS)
        return False


def letter(recipient: str, token: str, body: str = "A message of the lab.\n") -> EmailMessage:
    """Return a message of a stranger whose subject holds a token."""
    message = mail.compose(STRANGER, recipient, token)
    message.set_content(body)
    return message


def says(client: imaplib.IMAP4, command: str) -> str:
    """Send a command that imaplib does not know, and return all lines of the answer."""
    client.send(f"X9 {command}\r\n".encode())
    lines: list[str] = []
    while not (lines and lines[-1].startswith("X9 ")):
        lines.append(client.readline().decode().strip())
    return "\n".join(lines)


class Sieve:
    """Enough ManageSieve (RFC 5804) to upload a script."""

    def __init__(self, bench: Bench, login: Login) -> None:
        self._socket = socket.create_connection((bench.address, 4190), mail.SECONDS)
        self._lines = self._socket.makefile("rb")
        self.greeting = self._answer()
        self.say("STARTTLS")
        self._lines.close()
        self._socket = bench.context.wrap_socket(self._socket, server_hostname=bench.hostname)
        self._lines = self._socket.makefile("rb")
        self.offered = self._answer()
        token = base64.b64encode(f"\0{login.address}\0{login.password}".encode()).decode()
        self.say(f'AUTHENTICATE "PLAIN" "{token}"')

    def say(self, command: str) -> list[str]:
        """Send a command and return its answer; raises RuntimeError unless that ends in OK."""
        self._socket.sendall(f"{command}\r\n".encode())
        return self._answer()

    def put(self, name: str, script: str) -> None:
        """Upload a script and switch it on."""
        octets = len(script.encode())
        self.say(f'PUTSCRIPT "{name}" {{{octets}+}}\r\n{script}')
        self.say(f'SETACTIVE "{name}"')

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def _answer(self) -> list[str]:
        lines: list[str] = []
        while not (lines and lines[-1].startswith(("OK", "NO", "BYE"))):
            line = self._lines.readline().decode().strip()
            if not line:
                raise RuntimeError(f"the connection ended after {lines}")
            lines.append(line)
        if not lines[-1].startswith("OK"):
            raise RuntimeError(lines[-1])
        return lines


def certificate_names(
    address: str, port: int, name: str, context: ssl.SSLContext, say: Iterable[bytes] = ()
) -> list[str]:
    """Return the DNS names of the certificate that a server shows to whoever asks for `name`."""
    with socket.create_connection((address, port), mail.SECONDS) as plain:
        for command in say:
            plain.recv(4096)
            plain.sendall(command)
        if say:
            plain.recv(4096)
        with context.wrap_socket(plain, server_hostname=name) as wrapped:
            found = wrapped.getpeercert() or {}
    names = found.get("subjectAltName", ())
    return [str(pair[1]) for pair in names if isinstance(pair, tuple)]
