"""Values as items of Exim's lists."""

import re
from ipaddress import ip_address

from mailconf.api import UnrepresentableError

# Lists are expanded ($, \), and split at semicolons or colons; an item may begin with none of ! + ^ / *.
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@/:=&'+-]*")
PATH = re.compile(r"/[A-Za-z0-9._@/+-]+")


def exim_item(value: object) -> str:
    """Return a value that means itself in a list; raises UnrepresentableError for any other."""
    text = str(value)
    if not PLAIN.fullmatch(text):
        raise UnrepresentableError(f"{text!r} cannot stand in a list of exim4.conf", text)
    return text


def exim_sender(value: object) -> str:
    """Return an address, or `@domain` for all addresses there, as an item of an address list."""
    text = str(value)
    return f"*{exim_item(f'x{text}')[1:]}" if text.startswith("@") else exim_item(text)


def exim_address(value: object) -> str:
    """Return an IP address as an item of a host list that is split at semicolons."""
    return str(ip_address(str(value)))


def exim_path(value: object) -> str:
    """Return a path as a word of a unit file and of a shell."""
    text = str(value)
    if not PATH.fullmatch(text):
        raise UnrepresentableError(f"{text!r} cannot stand in a unit file", text)
    return text
