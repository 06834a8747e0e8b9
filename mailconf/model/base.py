"""The base of everything that comes from YAML, and the scalar types of the spec."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_before_validator_function

from mailconf.formats.names import DomainNameError, a_labels

UNITLESS = "unit_missing"
"""The type of the error that a bare number makes; `hint` in its context has units."""
FIRST_YEAR, LAST_YEAR = 1970, 2999
MOST_SECONDS = 100 * 365 * 86400
"""Times and spans beyond which sums of them have no date."""
MOST_OCTETS = 2**50
"""A size that every daemon can read; Dovecot stops at one that is larger than 2**63."""
MOST_COUNT = 2**31 - 1
"""The largest number that Postfix reads (postconf(5), integers); a daemon that reads another stops."""
MOST_DIGITS = 4300
"""Digits beyond which Python leaves a number a text (sys.set_int_max_str_digits): it is too large."""
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SIZES = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
A_SIZE = "a number with a unit, such as 500M or 2G"
A_SPAN = "a duration: a number with a unit, such as 30s, 10m, 1h, 14d, 2w"
SIZE, SPAN = r"^[0-9]+[KMGT]$", r"^[0-9]+[smhdw]$"
# A mailbox is a directory on the host and a key in tables: no `/`, no `%` and `!` that Postfix
# would take for routes, no `-` first (postconf(5) allow_min_user), no `+`, which is the delimiter.
LOCAL_PART = r"^[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$"
# An alias is a key in Postfix's tables alone, so it may be what a directory and a login may not
# (Dovecot, auth_username_chars); a fixed extension is looked up before the name without it.
ALIAS_NAME = r"^[A-Za-z0-9_][A-Za-z0-9_'&=+-]*(\.[A-Za-z0-9_'&=+-]+)*$"
# A segment begins with no dot, or is longer than its dots: `.` and `..` lead elsewhere.
SEGMENT = r"(?:[A-Za-z0-9_@+-]|\.[A-Za-z0-9_@+-]|\.\.[A-Za-z0-9._@+-])[A-Za-z0-9._@+-]*"
ABSOLUTE_PATH = rf"^(?:/{SEGMENT})+$"
RELATIVE_PATH = rf"^{SEGMENT}(?:/{SEGMENT})*$"
MAX_PATH = 255
# A host's key names a directory of the rendered tree and a machine of the lab.
HOST_KEY = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
SELECTOR = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
# A third party may want dots in it (RFC 6376 §3.1).
SENDER_SELECTOR = (
    r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$"
)
IN_WORDS = {
    SENDER_SELECTOR: "a selector as it stands before ._domainkey: lower-case letters, digits, hyphens and dots",
    LOCAL_PART: "the part before the @: letters, digits and ._-",
    ALIAS_NAME: "the part before the @: letters, digits and ._-'&=+",
    ABSOLUTE_PATH: "an absolute path of letters, digits and ._@+-, without . and .. segments",
    RELATIVE_PATH: "a relative path of letters, digits and ._@+-, without . and .. segments",
    HOST_KEY: "a short name for the host: lower-case letters, digits and hyphens",
    SELECTOR: "a selector: lower-case letters, digits and hyphens, at most 63",
}
"""What each pattern of the spec means, for messages."""


Kind = Literal["hosted", "send-only", "provider", "none"]
"""What a domain is to this site: see Domain.kind."""
Level = Literal["hosts", "domains"]


@dataclass(frozen=True, slots=True)
class Read:
    """Where a value of the spec is read; elsewhere it has no effect, and lint reports it.

    `at` are the sections beside `plugins` in which a plugin reads an option; `of` the kinds of
    domains and `roles` those of hosts for which a value counts, all where they are empty. `needs`
    names another option of the plugin without which the value does not count, and the value that
    this has to have, or an empty one for any. A class of options may carry one as `READ`, for all of
    its fields.
    """

    at: tuple[Level, ...] = ("hosts", "domains")
    of: tuple[Kind, ...] = ()
    roles: tuple[str, ...] = ()
    needs: tuple[str, str] | None = None


def _as_written(schema: Any) -> Any:
    """Return a schema whose numbers are no booleans, and whose booleans are neither numbers nor words.

    The JSON schema says so too; a number in quotes is no number either.
    """
    if isinstance(schema, list | tuple):
        return type(schema)(map(_as_written, schema))
    if not isinstance(schema, dict) or _is_checked(schema):
        return schema
    if schema.get("type") == "int":
        return no_info_before_validator_function(_number, schema)
    if schema.get("type") == "bool":
        return {**schema, "strict": True}
    return {
        key: value if key == "metadata" else _as_written(value) for key, value in schema.items()
    }


def _is_checked(schema: dict[str, Any]) -> bool:
    """Tell whether a model inside this one has done it."""
    function = schema.get("function")
    return isinstance(function, dict) and function.get("function") is _number


def _number(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, str) and len(value) <= MOST_DIGITS):
        raise ValueError("a number")
    return value


class Model(BaseModel):
    """Base of everything that comes from YAML: frozen, and typos are errors.

    Defaults are values and not spellings: 3600 and not 1h.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Refuse yes and no where a number belongs: to Python they are 1 and 0; and the reverse."""
        found: CoreSchema = _as_written(handler(source))
        return found


A_DAY = f"a day from {FIRST_YEAR} to {LAST_YEAR}, such as 2026-11-25"


def _written_day(value: object) -> object:
    """Refuse numbers: they would be read as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and ISO_DAY.fullmatch(value)):
        return value
    raise ValueError(A_DAY)


def _day(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(A_DAY)
    return value


def seconds(value: object) -> object:
    """Read a span of time; raises ValueError that says what was wanted."""
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return _measured(value, SPANS, "sm", A_SPAN)


def _measured(value: object, units: Mapping[str, int], usual: str, expected: str) -> int:
    """Read a number with its unit: a bare one means one thing to its author, another to a daemon."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    match = re.fullmatch(r"([0-9]+)([A-Za-z]?)", text) if isinstance(text, str) else None
    if match and not match[2]:
        hint = f"write {' or '.join(f'{text}{unit}' for unit in usual)}, whichever is meant"
        raise PydanticCustomError(UNITLESS, "{expected}", {"expected": expected, "hint": hint})
    if not match or match[2] not in units:
        raise ValueError(expected)
    return int(match[1]) * units[match[2]]


def moment(value: object) -> object:
    """Read when something began: of a day its end counts, so that nothing comes too early."""
    if isinstance(value, datetime) and value.tzinfo:
        return value
    try:
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            day = _day(date.fromisoformat(value))
            return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        found = None
    if found is None or found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(
            "a day or a time with its zone, such as 2026-11-25 or 2026-11-25T10:00:00Z"
        )
    return found


def _octets(value: object) -> object:
    return _measured(value, SIZES, "MG", A_SIZE)


def _lowered(value: object) -> object:
    """Local parts of this site are compared without case by every rendered daemon; YAML reads 123 as a number."""
    return str(value).lower() if isinstance(value, str | int) else value


def host_name(value: str) -> str:
    """Return a host or domain name as A-labels; raises ValueError that says what was wanted."""
    try:
        name = a_labels(value)
    except DomainNameError as why:
        raise ValueError(f"a domain name; {why}") from None
    if "." not in name:
        raise ValueError("a fully qualified name such as mail.example.org, not a single label")
    if "_" in name:
        raise ValueError("a host name, which has no '_' (RFC 1123 §2.1)")
    if name.rpartition(".")[2].isdigit():
        raise ValueError("a name, this looks like an IP address")
    return name


def domain_name(value: str) -> str:
    """Return any domain name as A-labels; `_` may stand in names that are no hosts (RFC 8552)."""
    try:
        return a_labels(value)
    except DomainNameError as why:
        raise ValueError(f"a domain name; {why}") from None


Seconds = Annotated[
    int,
    BeforeValidator(seconds),
    Field(ge=0, le=MOST_SECONDS),
    WithJsonSchema({"type": "string", "pattern": SPAN}),
]
"""A span of time, in seconds; spelled 30s, 10m, 1h, 14d, 2w in YAML."""

Moment = Annotated[datetime, BeforeValidator(moment), WithJsonSchema({"type": "string"})]
"""When something began, with a time zone; a day alone means its end, UTC."""

Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_day)]
"""A day, such as 2026-11-25."""

Octets = Annotated[
    int,
    BeforeValidator(_octets),
    Field(ge=0, le=MOST_OCTETS),
    WithJsonSchema({"type": "string", "pattern": SIZE}),
]
"""A size, in octets; spelled 500M, 2G in YAML (powers of 1024, as Dovecot reads them)."""

Count = Annotated[int, Field(ge=0, le=MOST_COUNT)]
"""A number of connections, messages and the like."""

HostName = Annotated[str, AfterValidator(host_name)]
"""A host or domain name: A-labels, lower case, no final dot (RFC 1123 §2.1)."""

DomainName = Annotated[str, AfterValidator(domain_name)]
"""A name in DNS that need not be a host's, such as _spf.example.org."""

HostKey = Annotated[str, Field(pattern=HOST_KEY)]
"""How a spec calls a host; not its DNS name."""

LocalPart = Annotated[str, BeforeValidator(_lowered), Field(pattern=LOCAL_PART, max_length=64)]
"""The part before the @ (RFC 5321 §4.5.3.1.1: at most 64 octets); `+` is the delimiter."""

AliasName = Annotated[str, BeforeValidator(_lowered), Field(pattern=ALIAS_NAME, max_length=64)]
"""The part before the @ of an alias, which may have a fixed extension."""

AbsolutePath = Annotated[str, Field(pattern=ABSOLUTE_PATH, max_length=MAX_PATH)]
"""An absolute path on a rendered host, without characters that a config syntax would split at."""

RelativePath = Annotated[str, Field(pattern=RELATIVE_PATH, max_length=MAX_PATH)]
"""A path below a folder of a rendered host that the daemon itself knows."""


@dataclass(frozen=True, slots=True)
class FreeText:
    """Marks an option whose text a daemon reads in a language of its own, or that the world reads as it is.

    A spec that is not trusted may not set it; see docs/security.md.
    """

    language: str
