"""How templates quote for Postfix: main.cf and lookup tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mailconf.formats import quoting

FILTERS: dict[str, Callable[[Any], str]] = {
    "postfix": quoting.postfix_value,
    "postfix_key": quoting.postfix_key,
    "postfix_address": quoting.postfix_address,
    "postfix_addresses": quoting.postfix_addresses,
    "postfix_result": quoting.postfix_result,
    "postfix_substitution": quoting.postfix_substitution,
}
