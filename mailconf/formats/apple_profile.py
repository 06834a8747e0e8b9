"""Apple's configuration profiles, as far as they set up mail (com.apple.mail.managed, schema of 2026)."""

from __future__ import annotations

import plistlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from xml.parsers import expat

T = TypeVar("T")
NAMES: dict[type, str] = {str: "a string", int: "an integer", bool: "true or false"}
MAIL = "com.apple.mail.managed"
END = "</plist>"
TYPES = {"EmailTypeIMAP": "imap", "EmailTypePOP": "pop3"}


class AppleProfileError(ValueError):
    """The octets are no profile that a device would take; the message says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server of an account; `port` is 0 and `ssl` None where the profile leaves them out."""

    host: str
    port: int = 0
    ssl: bool | None = None
    username: str = ""
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class MailAccount:
    """One mail account: `type` is imap or pop3; `address` is empty where the device asks for it."""

    type: str
    incoming: Server
    outgoing: Server
    uuid: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class AppleProfile:
    """A profile's mail accounts, and what identifies it."""

    identifier: str
    uuid: str
    accounts: tuple[MailAccount, ...]

    def __str__(self) -> str:
        head = {"PayloadType": "Configuration", "PayloadVersion": 1}
        content = [_payload(self, number, one) for number, one in enumerate(self.accounts)]
        body = {"PayloadIdentifier": self.identifier, "PayloadUUID": self.uuid}
        return plistlib.dumps({**head, **body, "PayloadContent": content}).decode()

    @classmethod
    def parse(cls, text: str) -> AppleProfile:
        """Read a profile, signed or not; raises AppleProfileError."""
        try:
            body = plistlib.loads(_plist(text).encode(), fmt=plistlib.FMT_XML)
        except (ValueError, expat.ExpatError, plistlib.InvalidFileException) as why:
            raise AppleProfileError(f"not a property list: {why}") from None
        except (KeyError, TypeError, AttributeError, IndexError, ArithmeticError) as why:
            raise AppleProfileError(f"not a property list ({type(why).__name__})") from None
        if not isinstance(body, dict) or body.get("PayloadType") != "Configuration":
            raise AppleProfileError("there is no payload of type Configuration")
        content = body.get("PayloadContent")
        payloads = (
            [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []
        )
        mail = (one for one in payloads if one.get("PayloadType") == MAIL)
        return cls(
            _of(body, "PayloadIdentifier", str), _uuid(body), tuple(_account(one) for one in mail)
        )


def is_signed(text: str) -> bool:
    """Tell whether something else is around the property list (CMS)."""
    return not text.lstrip("\ufeff \t\r\n").startswith("<")


def _plist(text: str) -> str:
    """Return the property list; a signature has it inside as it is, unless it is cut into segments."""
    begin = text.find("<plist")
    end = text.find(END, begin)
    if min(begin, end) < 0:
        raise AppleProfileError("there is no property list")
    return text[begin : end + len(END)]


def _payload(profile: AppleProfile, number: int, account: MailAccount) -> dict[str, Any]:
    kind = next(name for name, short in TYPES.items() if short == account.type)
    head = {
        "PayloadType": MAIL,
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{profile.identifier}.{number}",
        "PayloadUUID": account.uuid,
        "EmailAccountType": kind,
    }
    address = {"EmailAddress": account.address} if account.address else {}
    return {
        **head,
        **address,
        **_keys("Incoming", account.incoming),
        **_keys("Outgoing", account.outgoing),
    }


def _keys(side: str, server: Server) -> dict[str, Any]:
    found: dict[str, Any] = {
        f"{side}MailServerHostName": server.host,
        f"{side}MailServerAuthentication": "EmailAuthPassword",
    }
    if server.port:
        found[f"{side}MailServerPortNumber"] = server.port
    if server.ssl is not None:
        found[f"{side}MailServerUseSSL"] = server.ssl
    if server.username:
        found[f"{side}MailServerUsername"] = server.username
    return found


def _account(payload: Mapping[str, Any]) -> MailAccount:
    kind = _of(payload, "EmailAccountType", str)
    if kind not in TYPES:
        raise AppleProfileError(f"EmailAccountType is {kind[:40]!r}, not {' or '.join(TYPES)}")
    return MailAccount(
        type=TYPES[kind],
        incoming=_server(payload, "Incoming"),
        outgoing=_server(payload, "Outgoing"),
        uuid=_uuid(payload),
        address=_of(payload, "EmailAddress", str) if "EmailAddress" in payload else "",
    )


def _server(payload: Mapping[str, Any], side: str) -> Server:
    port, ssl = f"{side}MailServerPortNumber", f"{side}MailServerUseSSL"
    username = f"{side}MailServerUsername"
    return Server(
        host=_of(payload, f"{side}MailServerHostName", str).lower(),
        port=_of(payload, port, int) if port in payload else 0,
        ssl=_of(payload, ssl, bool) if ssl in payload else None,
        username=_of(payload, username, str) if username in payload else "",
        has_password=f"{side}Password" in payload,
    )


def _uuid(payload: Mapping[str, Any]) -> str:
    if _of(payload, "PayloadVersion", int) < 1:
        raise AppleProfileError("PayloadVersion is less than one")
    return _of(payload, "PayloadUUID", str)


def _of(payload: Mapping[str, Any], key: str, kind: type[T]) -> T:
    """Return a value; true is an integer to Python, and none to Apple."""
    found = payload.get(key)
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        raise AppleProfileError(f"{key} is of type {type(found).__name__}; expected {NAMES[kind]}")
    return found
