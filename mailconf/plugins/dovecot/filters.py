"""How templates quote for Dovecot: dovecot.conf, the .conf.ext files of 2.3, and passwd-files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mailconf.formats import quoting

FILTERS: dict[str, Callable[[Any], str]] = {
    "dovecot": quoting.dovecot_value,
    "dovecot_literal": quoting.dovecot_literal,
    "dovecot_ext": quoting.dovecot_ext_value,
    "passwd": quoting.passwd_field,
}
