"""Options of the dovecot section."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, field_validator

from mailconf.model.base import FreeText, HostName, Model, Octets, Read
from mailconf.model.secret import SecretRef

# What goes into a configuration file as one quoted line.
ONE_LINE = StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$")
Sqlish = Annotated[str, ONE_LINE, FreeText("SQL")]
Ldapish = Annotated[str, ONE_LINE, FreeText("LDAP")]
Script = Annotated[str, FreeText("Sieve")]
LdapUri = Annotated[str, StringConstraints(pattern=r"^ldaps?://[A-Za-z0-9.:\[\]-]+/?$")]


class Sql(Model):
    """Accounts in a database; %{user} in a query is the full address, escaped by Dovecot."""

    driver: Literal["mysql", "pgsql", "sqlite"]
    host: HostName | Literal["localhost"] = "localhost"
    dbname: Sqlish
    """The database, or the path of an SQLite file."""
    username: Sqlish = "dovecot"
    password: SecretRef | None = None
    password_query: Sqlish
    """Returns `password`, a hash with its scheme, for the user."""
    user_query: Sqlish
    """Returns a row when the mailbox exists."""


class Ldap(Model):
    """Accounts in an LDAP directory; users authenticate by binding with their own password."""

    uris: tuple[LdapUri, ...] = Field(min_length=1)
    base: Ldapish
    filter: Ldapish = "(&(objectClass=inetOrgPerson)(mail=%{user}))"
    """%{user} is the full address, escaped by Dovecot."""
    bind_dn: Ldapish | None = None
    password: SecretRef | None = None

    @property
    def starttls(self) -> bool:
        """Tell whether TLS is asked for: no password is sent without it (RFC 4513 §6.3.1)."""
        return self.uris[0].startswith("ldap://")

    @field_validator("uris")
    @classmethod
    def _in_one_way(cls, uris: tuple[str, ...]) -> tuple[str, ...]:
        """STARTTLS is one setting for all servers, and wrong for those that begin with TLS."""
        if len({uri.partition(":")[0] for uri in uris}) > 1:
            raise ValueError("all ldaps:// or all ldap:// (with STARTTLS): Dovecot cannot mix them")
        return uris


class Oauth2(Model):
    """OAuth 2.0 token logins (RFC 7628) with token introspection (RFC 7662)."""

    introspection_url: SecretRef
    """The URL with the client's credentials in it: a secret."""
    username_attribute: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+$")] = "email"


class DovecotOptions(Model):
    """Dovecot as mail store and authentication server."""

    READ: ClassVar = Read(at=("hosts",), roles=("mailstore",))

    storage: Literal["maildir", "sdbox"] = "maildir"
    quota: Octets | None = None
    """The size of mailboxes that say nothing themselves."""
    max_connections: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """IMAP or POP3 connections of one user from one address (mail_max_userip_connections).

    Without it twice as many as `load.devices` keep, at least 30.
    """
    full_text_search: bool = False
    """Search in message bodies with an index (Flatcurve, Dovecot 2.4)."""
    last_login: bool = False
    """Keep when each user logged in last, in ~/last-login."""
    sieve_before: Script = ""
    """A Sieve script that runs before each user's own."""
    sieve_after: Script = ""
    """A Sieve script that runs after each user's own, unless that one has decided."""
    sql: Sql | None = None
    ldap: Ldap | None = None
    oauth2: Oauth2 | None = None
