"""Mozilla Autoconfig, config-v1.1.xml (draft-ietf-mailmaint-autoconfig-06, standards state 2026-06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args
from xml.etree import ElementTree

from mailconf.formats.xml import XmlError, root_of

ServerType = Literal["imap", "pop3", "smtp"]
SocketType = Literal["SSL", "STARTTLS", "plain"]
MAX_DISPLAY_NAME = 60


class ClientConfigError(ValueError):
    """The text is not a client configuration that Thunderbird would take."""


@dataclass(frozen=True, slots=True)
class Server:
    """One incoming or outgoing server; `username` may hold %EMAILADDRESS%."""

    type: ServerType
    hostname: str
    port: int
    socket: SocketType
    username: str = "%EMAILADDRESS%"
    authentication: str = "password-cleartext"


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """What clientConfig/emailProvider says; servers in order of preference."""

    domain: str
    display_name: str
    incoming: tuple[Server, ...]
    outgoing: tuple[Server, ...]

    def __str__(self) -> str:
        root = ElementTree.Element("clientConfig", version="1.1")
        provider = ElementTree.SubElement(root, "emailProvider", id=self.domain)
        ElementTree.SubElement(provider, "domain").text = self.domain
        ElementTree.SubElement(provider, "displayName").text = self.display_name
        for server in self.incoming:
            _write(provider, "incomingServer", server)
        for server in self.outgoing:
            _write(provider, "outgoingServer", server)
        ElementTree.indent(root)
        body = ElementTree.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'

    @classmethod
    def parse(cls, text: str) -> ClientConfig:
        """Read a document; unknown elements are ignored, document types refused."""
        provider = _root(text).find("emailProvider")
        if provider is None:
            raise ClientConfigError("there is no emailProvider")
        return cls(
            domain=provider.findtext("domain", "").strip(),
            display_name=provider.findtext("displayName", "").strip(),
            incoming=tuple(_read(node) for node in provider.iterfind("incomingServer")),
            outgoing=tuple(_read(node) for node in provider.iterfind("outgoingServer")),
        )


def _write(provider: ElementTree.Element, tag: str, server: Server) -> None:
    node = ElementTree.SubElement(provider, tag, type=server.type)
    for name, value in (
        ("hostname", server.hostname),
        ("port", str(server.port)),
        ("socketType", server.socket),
        ("authentication", server.authentication),
        ("username", server.username),
    ):
        ElementTree.SubElement(node, name).text = value


def _root(text: str) -> ElementTree.Element:
    try:
        root = root_of(text)
    except XmlError as why:
        raise ClientConfigError(str(why)) from None
    if root.tag != "clientConfig":
        raise ClientConfigError(f"the root element is {root.tag}, not clientConfig")
    return root


def _read(node: ElementTree.Element) -> Server:
    def text(name: str) -> str:
        value = node.findtext(name, "").strip()
        if not value:
            raise ClientConfigError(f"{node.tag} has no {name}")
        return value

    socket, kind, port = text("socketType"), node.get("type", ""), text("port")
    if socket not in get_args(SocketType):
        raise ClientConfigError(f"socketType {socket!r} is not SSL, STARTTLS or plain")
    if kind not in get_args(ServerType):
        raise ClientConfigError(f"server type {kind!r} is not imap, pop3 or smtp")
    if not (port.isascii() and port.isdigit()):
        raise ClientConfigError(f"port {port!r} is not a number")
    return Server(
        type=cast(ServerType, kind),
        hostname=text("hostname"),
        port=int(port),
        socket=cast(SocketType, socket),
        username=text("username"),
        authentication=text("authentication"),
    )
