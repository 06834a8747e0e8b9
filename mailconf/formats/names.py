"""Domain names: absolute A-labels inside, one place where the dot is put on or taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

MAX_NAME = 253
MAX_LABEL = 63
# RFC 1123 §2.1 host label; the underscore is for owner names such as _dmarc (RFC 8552).
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


class DomainNameError(ValueError):
    """The text is not a domain name; the message says which label and why."""


def a_labels(text: str) -> str:
    """Return `text` as lower-case A-labels without a final dot (RFC 5890 §2.3.2.1).

    Raises DomainNameError for anything that DNS or SMTP could not carry.
    """
    # UTS #46 before IDNA: fullwidth dots separate labels too.
    labels = re.split("[.\u3002\uff0e\uff61]", text)
    if labels[-1] == "" and len(labels) > 1:
        labels.pop()
    name = ".".join(_a_label(label, text) for label in labels)
    if len(name) > MAX_NAME:
        raise DomainNameError(f"{text!r} has {len(name)} octets, more than {MAX_NAME}")
    return name


def _a_label(label: str, text: str) -> str:
    if len(label) > MAX_NAME:  # before anything is done with it
        raise DomainNameError(f"a label has {len(label)} characters, more than {MAX_LABEL}")
    low = label.lower() if label.isascii() else _encoded(label, text)
    if len(low) > MAX_LABEL:
        raise DomainNameError(f"label {label!r} has {len(low)} octets, more than {MAX_LABEL}")
    if not LABEL.fullmatch(low):
        raise DomainNameError(_why_not(label, text))
    return low


def _encoded(label: str, text: str) -> str:
    import idna  # noqa: PLC0415, 20 ms that only non-ASCII names should cost

    try:
        return idna.encode(label, uts46=True, transitional=False).decode("ascii")
    except idna.IDNAError as why:
        raise DomainNameError(f"label {label!r} of {text!r} is not valid IDNA: {why}") from None


def _why_not(label: str, text: str) -> str:
    if not label:
        return f"{text!r} has an empty label"
    odd = re.search(r"[^a-zA-Z0-9_-]", label)
    if odd:
        return f"{text!r} contains {odd.group()!r}"
    return f"label {label!r} of {text!r} starts or ends with a hyphen"


def absolute(name: str) -> str:
    """Return the DNS form of a dotless A-label name: with the final dot."""
    return name + "." if name else "."


def relative(name: str) -> str:
    """Return an absolute DNS name without its final dot."""
    return name.removesuffix(".")


def is_under(name: str, apex: str) -> bool:
    """Tell whether absolute `name` is `apex` or below it."""
    return apex in (name, ".") or name.endswith("." + apex)


def parent(name: str) -> str:
    """Return absolute `name` without its first label; the root's parent is the root."""
    return name.partition(".")[2] or "."


def upwards(name: str) -> Iterator[str]:
    """Yield absolute `name` and each name above it, the root last."""
    while name != ".":
        yield name
        name = parent(name)
    yield name


def reverse_name(address: IPv4Address | IPv6Address) -> str:
    """Return the absolute PTR owner of `address` (RFC 1035 §3.5, RFC 3596 §2.5)."""
    return absolute(address.reverse_pointer)


def covers(pattern: str, name: str) -> bool:
    """Match a DNS-ID: a wildcard stands for exactly the left-most label (RFC 9525 §6.3)."""
    pattern, name = pattern.lower(), name.lower()
    if pattern.startswith("*."):
        return name.partition(".")[2] == pattern[2:]
    return pattern == name


def domain_above(host: str) -> str:
    """Return the domain above a host's name, or the name itself where only a top-level domain is."""
    domain = relative(parent(absolute(host)))
    return domain if "." in domain else host
