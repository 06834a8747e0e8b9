"""Options of the postfix section."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from mailconf.model.base import (
    Count,
    FreeText,
    Model,
    Octets,
    Read,
    RelativePath,
    Seconds,
    domain_name,
)
from mailconf.model.endpoint import SpecNetwork

ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
ParameterName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")]
OneLine = Annotated[
    str, StringConstraints(pattern=ONE_LINE, strip_whitespace=True), FreeText("main.cf")
]
ServiceLines = Annotated[str, FreeText("master.cf")]
# postconf(5) postscreen_dnsbl_sites: a code that says "you may not ask" is no listing.
Dnsbl = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+=[0-9.\[\];]+(\*-?[0-9]{1,2})?$")]
DESTINATION = r"(\.?\[?)([^][:]+)(\]?(?::[0-9]{1,5})?)"


def _destination(value: object) -> object:
    """Give the name in a next hop its one spelling; anything else is for the pattern to refuse."""
    match = re.fullmatch(DESTINATION, value) if isinstance(value, str) else None
    return f"{match[1]}{domain_name(match[2])}{match[3]}" if match else value


PolicyKey = Annotated[
    str,
    BeforeValidator(_destination),
    StringConstraints(pattern=r"^\.?\[?[a-z0-9._-]+\]?(:[0-9]{1,5})?$"),
]
PolicyLevel = Literal["none", "may", "encrypt", "dane", "dane-only", "verify", "secure"]
ZEN = "zen.spamhaus.org=127.0.0.[2..11]*3"


class Limits(Model):
    """Per-client limits; 0 means no limit (postconf(5), smtpd_client_*)."""

    connections: Count | None = None
    """At the same time (smtpd_client_connection_count_limit); 50, for users as many as they need."""
    connection_rate: Count = 0
    """A minute (smtpd_client_connection_rate_limit)."""
    message_rate: Count = 0
    recipient_rate: Count = 0
    auth_rate: Count | None = None
    """Attempts to log in, a minute, whatever their outcome (smtpd_client_auth_rate_limit).

    Without it six for each device of all users, at least 120 and at most 1200.
    """


class Postscreen(Model):
    """postscreen in front of port 25 (postscreen(8))."""

    dnsbl: tuple[Dnsbl, ...] = (ZEN,)
    """Lists with the answers that count, and a weight: LIST=127.0.0.[2..11]*3."""
    threshold: Annotated[Count, Field(ge=1)] = 3


FOR_USERS = Read(at=("hosts",), roles=("submission",))


class PostfixOptions(Model):
    """Postfix as the MTA of every host that handles mail."""

    READ: ClassVar = Read(at=("hosts",))

    message_size: Annotated[Octets, Field(ge=1_000_000, le=2**40)] = 52_428_800
    """Largest message accepted, in octets or as 50M (postconf(5) message_size_limit)."""
    queue_lifetime: Annotated[Seconds, Field(ge=3600, le=100 * 86400)] | None = None
    """How long a message waits for a host that is down; 5d, and 20d on a backup MX."""
    bounce_lifetime: Annotated[Seconds, Field(ge=3600, le=100 * 86400)] = 86400
    limits: Annotated[
        Limits, Read(at=("hosts",), roles=("mx", "submission", "backup-mx", "relay"))
    ] = Limits()
    submission_limits: Annotated[Limits, FOR_USERS] = Limits()
    postscreen: Annotated[Postscreen | None, Read(at=("hosts",), roles=("mx", "backup-mx"))] = None
    hide_clients: Annotated[bool, FOR_USERS] = True
    """Keep addresses and programs of users out of the mail that they submit."""
    tls_policy: dict[PolicyKey, PolicyLevel] = {}
    """How strict to be towards a destination: example.com or [host]:port."""
    tlsrpt_socket: RelativePath | Literal[""] = ""
    """The collector of TLS reports, relative to the queue directory (Postfix 3.10)."""
    trust_bare_newlines_from: tuple[SpecNetwork, ...] = ()
    """Networks of old clients that end lines wrongly; everybody else's are mended."""
    main_cf: dict[ParameterName, OneLine] = {}
    """Your own parameters, added at the end; those that mailconf sets too are reported."""
    master_cf: tuple[ServiceLines, ...] = ()
    """Your own services: lines of master.cf with their -o lines."""
