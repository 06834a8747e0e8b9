"""Addresses in the spec: each has one spelling from the moment it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, ValidationInfo

from mailconf.formats.address import (
    DELIMITER,
    AddressError,
    MailAddress,
    local_part,
    mail_domain,
)

OWN = "own domains"
MAILTO = "mailto:"
# What ends the address in a mailto URI: its headers (RFC 6068 §2), the size limit of DMARC (RFC 9990).
AFTER_ADDRESS = "?!"


def reading(domains: Mapping[Any, Any]) -> dict[str, object]:
    """Return the context in which a spec with these domains is validated.

    Local parts of a domain whose mail a provider keeps are compared by that provider alone.
    """
    bodies = {name: body if isinstance(body, dict) else {} for name, body in domains.items()}
    return {OWN: frozenset(name for name, body in bodies.items() if not body.get("provider"))}


def canonical(text: str, info: ValidationInfo) -> str:
    """Return a whole address in its one spelling; raises AddressError."""
    found = MailAddress.parse(text)
    return str(found.lowered if found.domain in _own(info) else found)


def _own(info: ValidationInfo) -> frozenset[str]:
    known: Mapping[str, frozenset[str]] = info.context or {}
    return known.get(OWN, frozenset())


def _target(text: str, info: ValidationInfo) -> str:
    """Read a whole address, or a local part of the domain in which it is written."""
    return canonical(text, info) if "@" in text else local_part(text).lower()


def _sender(text: str, info: ValidationInfo) -> str:
    """Read what `_target` does, or `@domain`."""
    return f"@{mail_domain(text[1:])}" if text.startswith("@") else _target(text, info)


def _host_sender(text: str, info: ValidationInfo) -> str:
    if "@" not in text:
        raise ValueError("an address such as app@example.org, or @example.org for all of a domain")
    return _sender(text, info)


def _login(text: str, info: ValidationInfo) -> str:
    if DELIMITER in text:
        raise ValueError(
            "the address of a mailbox, without an extension: Dovecot refuses '+' in logins"
        )
    return canonical(text, info)


def _uri(text: str, info: ValidationInfo) -> str:
    """Give the address in a mailto URI its one spelling; other URIs stay as they are."""
    if not text.lower().startswith(MAILTO):
        return text
    rest = text[len(MAILTO) :]
    end = next((at for at, char in enumerate(rest) if char in AFTER_ADDRESS), len(rest))
    if "@" not in rest[:end] or "," in rest[:end]:
        return text  # a rule of the plugin's own reports it
    try:
        return f"{MAILTO}{canonical(rest[:end], info)}{rest[end:]}"
    except AddressError as why:
        raise ValueError(f"mailto: and {why}") from None


WholeAddress = Annotated[str, AfterValidator(canonical)]
"""An address with its domain."""

TargetAddress = Annotated[str, AfterValidator(_target)]
"""Where an alias leads: a name here, or a whole address anywhere."""

SenderAddress = Annotated[str, AfterValidator(_sender)]
"""What a mailbox may send as: a name here, a whole address, or `@domain` for all there."""

HostSenderAddress = Annotated[str, AfterValidator(_host_sender)]
"""What programs on a host may send as: a whole address, or `@domain` for all there."""

LoginAddress = Annotated[str, AfterValidator(_login)]
"""The address of a mailbox: an extension is no part of a login."""

ReportAddress = Annotated[str, AfterValidator(_uri)]
"""A URI to which reports go; the address of a mailto URI has one spelling."""
