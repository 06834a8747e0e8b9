"""Options of the caa section."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from mailconf.formats.uris import is_uri
from mailconf.model.address import ReportAddress
from mailconf.model.base import HostName, Model, Read


def _uri(text: str) -> str:
    if not is_uri(text):
        raise ValueError("a URI (RFC 3986), such as https://acme.example/acct/1234")
    return text


# RFC 8657 §3 and §4; RFC 8659 §4.2: no space, no semicolon.
AccountUri = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[\x21\x23-\x3a\x3c-\x5b\x5d-\x7e]+$"),
    AfterValidator(_uri),
]
Method = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$")]
Uri = Annotated[ReportAddress, StringConstraints(pattern=r"^(mailto:|https?://)[\x21-\x7e]+$")]


class CaaIssuer(Model):
    """An authority, by the name that it has in CAA records, such as letsencrypt.org."""

    domain: HostName
    account: AccountUri | None = None
    """The URI of your account there: nobody else's may be used (accounturi, RFC 8657 §3)."""
    methods: tuple[Method, ...] = ()
    """How ownership may be shown, such as dns-01 (validationmethods, RFC 8657 §4)."""


class CaaOptions(Model):
    """Who may issue for the names of our hosts; anybody when no authority is named."""

    issuers: tuple[CaaIssuer, ...] = ()
    iodef: Annotated[Uri | None, Read(needs=("issuers", ""))] = None
    """Where an authority reports what it refused."""
