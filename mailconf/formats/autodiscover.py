"""Autodiscover for Outlook, plain old XML (MS-OXDSCLI, as of 2021): request and response."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from mailconf.formats.xml import XmlError, root_of

ASK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"
OUTER = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
INNER = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
DEFAULT_PORTS = {"IMAP": 993, "POP3": 995, "SMTP": 465}
"""Where SSL is on; the port of those that name none."""


class AutodiscoverError(ValueError):
    """The text is no answer that Outlook would take; the message says why."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """One server: `type` is IMAP, POP3, SMTP, or a protocol of others.

    `ssl` and `spa` are on where the document does not say; `encryption` is
    SSL, TLS, None, Auto, or empty where it is left out. `login` is empty where the address is the name.
    """

    type: str
    server: str
    port: int
    ssl: bool = True
    encryption: str = ""
    spa: bool = False
    login: str = ""


@dataclass(frozen=True, slots=True)
class Autodiscover:
    """What a server tells about an account: its protocols, where else to ask, or an error's message."""

    protocols: tuple[Protocol, ...] = ()
    elsewhere: str = ""
    error: str = ""

    def __str__(self) -> str:
        root = ElementTree.Element("Autodiscover", xmlns=OUTER)
        response = ElementTree.SubElement(root, "Response", xmlns=INNER)
        if self.error:
            error = ElementTree.SubElement(response, "Error")
            _write(error, {"ErrorCode": "600", "Message": self.error})
        else:
            account = ElementTree.SubElement(response, "Account")
            _write(account, {"AccountType": "email", **self._action()})
            for protocol in self.protocols:
                _write(ElementTree.SubElement(account, "Protocol"), _words(protocol))
        return _printed(root)

    def _action(self) -> dict[str, str]:
        if self.elsewhere:
            return {"Action": "redirectUrl", "RedirectUrl": self.elsewhere}
        return {"Action": "settings"}

    @classmethod
    def parse(cls, text: str) -> Autodiscover:
        """Read a response; raises AutodiscoverError."""
        try:
            root = root_of(text)
        except XmlError as why:
            raise AutodiscoverError(str(why)) from None
        if root.tag != f"{{{OUTER}}}Autodiscover":
            raise AutodiscoverError(f"the root element is {root.tag}")
        response = root.find(f"{{{INNER}}}Response")
        if response is None:
            response = root.find(f"{{{OUTER}}}Response")
            if response is None or response.find("{*}Error") is None:
                raise AutodiscoverError(f"it holds no Response of {INNER}")
        return cls._read(response)

    @classmethod
    def _read(cls, response: ElementTree.Element) -> Autodiscover:
        error = response.find("{*}Error")
        if error is None:
            error = response.find("{*}Account/{*}Error")
        if error is not None:
            return cls(error=_text(error, "Message") or _text(error, "ErrorCode") or "an error")
        accounts = response.findall("{*}Account")
        if len(accounts) != 1:
            raise AutodiscoverError(f"it holds {len(accounts)} Account elements; expected one")
        (account,) = accounts
        elsewhere = _text(account, "RedirectUrl") or _text(account, "RedirectAddr")
        return cls(tuple(map(_protocol, account.findall("{*}Protocol"))), elsewhere)


def request(address: str) -> str:
    """Return what Outlook posts for an address."""
    root = ElementTree.Element("Autodiscover", xmlns=ASK)
    asked = ElementTree.SubElement(root, "Request")
    _write(asked, {"EMailAddress": address, "AcceptableResponseSchema": INNER})
    return _printed(root)


def _printed(root: ElementTree.Element) -> str:
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _words(protocol: Protocol) -> dict[str, str]:
    return {
        "Type": protocol.type,
        "Server": protocol.server,
        "Port": str(protocol.port),
        "LoginName": protocol.login,
        "DomainRequired": "off",
        "SPA": _switch(protocol.spa),
        "SSL": _switch(protocol.ssl),
        "Encryption": protocol.encryption,
        "AuthRequired": "on",
    }


def _write(parent: ElementTree.Element, words: dict[str, str]) -> None:
    for name, value in words.items():
        if value:
            ElementTree.SubElement(parent, name).text = value


def _switch(is_on: bool) -> str:
    return "on" if is_on else "off"


def _protocol(node: ElementTree.Element) -> Protocol:
    kind = _text(node, "Type") or node.get("Type", "")
    ssl = _text(node, "SSL").lower() != "off"
    port = _text(node, "Port") or str(DEFAULT_PORTS.get(kind, 0) if ssl else 0)
    if not (port.isascii() and port.isdigit() and len(port) <= 5):  # noqa: PLR2004, 65535
        raise AutodiscoverError(f"port {port!r} of {kind} is not a number")
    return Protocol(
        type=kind,
        server=_text(node, "Server").lower(),
        port=int(port),
        ssl=ssl,
        encryption=_text(node, "Encryption"),
        spa=_text(node, "SPA").lower() != "off",
        login=_text(node, "LoginName"),
    )


def _text(node: ElementTree.Element, name: str) -> str:
    return (node.findtext(f"{{*}}{name}") or "").strip()
