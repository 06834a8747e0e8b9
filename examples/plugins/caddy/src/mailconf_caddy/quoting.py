"""Values as tokens of a Caddyfile."""

import re

from mailconf.api import UnrepresentableError

# Blanks end a token, braces are blocks and placeholders, quotes and # have a meaning of their own;
# % is a specifier in a systemd unit.
PLAIN = re.compile(r"[A-Za-z0-9._~/:*+=@-]+")


def caddyfile_token(value: object) -> str:
    """Return a value as one token; raises UnrepresentableError for one that would be read otherwise."""
    text = str(value)
    if not PLAIN.fullmatch(text):
        raise UnrepresentableError(f"{text!r} cannot stand in a Caddyfile")
    return text
