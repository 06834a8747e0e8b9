"""dovecot.conf as values, the same for both dialects; templates only spell them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from string import ascii_letters, digits

from mailconf.formats.ciphers import CIPHER_LIST
from mailconf.formats.quoting import UnrepresentableError, dovecot_ext_value
from mailconf.formats.secret_values import SecretValueError, spelled
from mailconf.model.host import Host
from mailconf.model.requests.mail import LearnSpam, SieveBefore
from mailconf.model.secret import Form, marked
from mailconf.plugins.dovecot.accounts import MAIL_ROOT, VMAIL, VMAIL_UID, catch_alls
from mailconf.plugins.dovecot.duty import (
    LMTP_PORT,
    QUOTA_PORT,
    SIEVE_PORT,
    AskedStore,
    Duty,
    Login,
    ServerName,
    addresses,
)
from mailconf.plugins.dovecot.limits import Limits
from mailconf.plugins.dovecot.options import DovecotOptions, Ldap, Oauth2, Sql

SIEVE = "/etc/dovecot/sieve"
# The newest defaults that every 2.4 since 2.4.1 can be told to keep; 2.4.0 knows only its own.
CONFIG_VERSION, FIRST_CONFIG_VERSION = "2.4.1", "2.4.0"
STORAGE_VERSION = "2.4.0"
# A digest of which nobody knows a text: no octet of it is set.
NOBODYS_PASSWORD = f"{{SHA256}}{b64encode(bytes(32)).decode()}"
# auth_username_chars: Dovecot's own, and those of alias names (model.base.ALIAS_NAME).
USERNAME_CHARS = f"{ascii_letters}{digits}.-_@+&='"
LEARN = """require ["vnd.dovecot.pipe", "copy", "imapsieve", "environment"];
pipe :copy "learn" ["spam"];
"""
# What goes from Junk to Trash was spam all the same.
UNLEARN = """require ["vnd.dovecot.pipe", "copy", "imapsieve", "environment"];
if environment :is "imap.mailbox" "Trash" { stop; }
pipe :copy "learn" ["ham"];
"""


@dataclass(frozen=True, slots=True)
class Script:
    """A Sieve script that runs for everybody."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Config:
    """What dovecot.conf says; `learn` is where rspamd's controller listens, or empty.

    `policy_addresses` are those on which the quota policy service listens, `inner_addresses` those
    on which LMTP does, for hosts across a network. `asking` are the hosts that ask for logins.
    """

    host: Host
    options: DovecotOptions
    dialect: str
    is_store: bool
    logins: tuple[Login, ...]
    names: tuple[ServerName, ...]
    proxies: str
    stores: tuple[AskedStore, ...]
    delivers_locally: bool
    authenticates: bool
    inner_addresses: str
    policy_addresses: str
    postmaster: str
    scripts: tuple[Script, ...]
    learn: str
    config_version: str
    limits: Limits
    asking: str
    catches: bool = False
    """Whether the quota of a catch-all's mailbox is asked for by the name of its domain."""
    storage_version: str = STORAGE_VERSION
    nobodys_password: str = NOBODYS_PASSWORD
    uid: int = VMAIL_UID
    user: str = VMAIL
    mail_root: str = MAIL_ROOT
    lmtp_port: int = LMTP_PORT
    quota_port: int = QUOTA_PORT
    sieve_port: int = SIEVE_PORT
    sieve: str = SIEVE
    username_chars: str = USERNAME_CHARS
    ciphers: str = CIPHER_LIST

    @classmethod
    def of(cls, duty: Duty) -> Config:
        """Return the configuration of a host."""
        inner = addresses((duty.host,)) if duty.edges else ()
        asked = addresses((duty.host,)) if duty.edges or duty.has_backup else ()
        local = ("127.0.0.1",) if duty.delivers_locally else ()
        return cls(
            host=duty.host,
            options=duty.options,
            dialect="2.4" if duty.is_2_4 else "2.3",
            is_store=duty.is_store,
            logins=duty.logins,
            names=duty.names,
            proxies=" ".join(map(str, duty.proxies)),
            stores=duty.asks_stores,
            delivers_locally=duty.delivers_locally,
            authenticates=duty.host.is_("submission"),
            inner_addresses=", ".join(inner),
            policy_addresses=", ".join((*local, *asked)),
            postmaster=duty.postmaster,
            scripts=_scripts(duty),
            learn=_learn(duty),
            config_version=_config_version(duty.host),
            limits=Limits.of(duty),
            asking=" ".join(addresses(duty.asking_hosts)),
            catches=duty.answers_for_quota and bool(catch_alls(duty)),
        )

    @property
    def sql(self) -> Sql | None:
        """Accounts in a database."""
        return self.options.sql if self.is_store else None

    @property
    def ldap(self) -> Ldap | None:
        """Accounts in a directory."""
        return self.options.ldap if self.is_store else None

    @property
    def oauth2(self) -> Oauth2 | None:
        """Logins with tokens."""
        return self.options.oauth2 if self.is_store else None

    @property
    def sql_password(self) -> str:
        """The marked reference of the database's password, or empty."""
        if not (self.sql and self.sql.password):
            return ""
        forms: dict[str, Form] = {"pgsql": "dovecot-pgsql", "mysql": "dovecot-mysql"}
        form = forms.get(self.sql.driver, "dovecot") if self.dialect == "2.3" else "dovecot"
        return marked(self.sql.password, form)

    @property
    def ldap_password(self) -> str:
        """The marked reference of the directory's password, or empty."""
        form: Form = "dovecot-ext" if self.dialect == "2.3" else "dovecot"
        return marked(self.ldap.password, form) if self.ldap and self.ldap.password else ""

    @property
    def introspection_url(self) -> str:
        """The marked reference of the URL that judges tokens, or empty."""
        return marked(self.oauth2.introspection_url, "url") if self.oauth2 else ""

    @property
    def connect(self) -> str:
        """How 2.3 reaches the database: an SQLite file, or words that are split at spaces."""
        sql = self.sql
        if not sql or sql.driver == "sqlite":
            return dovecot_ext_value(sql.dbname) if sql else ""
        words = [f"host={sql.host}"]
        for name, value in (("dbname", sql.dbname), ("user", sql.username)):
            try:
                words.append(f"{name}={spelled(f'dovecot-{sql.driver}', value)}")
            except SecretValueError as why:
                raise UnrepresentableError(f"{name} {why}", value) from None
        words += [f"password={self.sql_password}"] if sql.password else []
        return f'"{" ".join(words)}"'

    @property
    def external_files(self) -> tuple[str, ...]:
        """The files that 2.3 wants apart from dovecot.conf."""
        if self.dialect != "2.3":
            return ()
        wanted = {"sql": self.sql, "ldap": self.ldap, "oauth2": self.oauth2}
        return tuple(name for name, section in wanted.items() if section)

    @property
    def has_secrets(self) -> bool:
        """Tell whether dovecot.conf itself holds secrets: in 2.4 everything is in there."""
        secret = self.sql_password or self.ldap_password or self.introspection_url
        return self.dialect == "2.4" and bool(secret)

    @property
    def protocols(self) -> tuple[str, ...]:
        """The protocols that are open; a store always takes mail by LMTP."""
        return (*(login.protocol for login in self.logins if login.is_open), "lmtp")

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """How users may log in (RFC 4616, RFC 7628)."""
        return ("plain", "login", *(("oauthbearer", "xoauth2") if self.oauth2 else ()))

    @property
    def imap_plugins(self) -> tuple[str, ...]:
        """The plugins of IMAP sessions."""
        compress = ("imap_zlib",) if self.dialect == "2.3" else ()
        last_login = ("last_login",) if self.options.last_login else ()
        learn = ("imap_sieve",) if self.learn else ()
        return ("imap_quota", *compress, *last_login, *learn)

    @property
    def mail_plugins(self) -> tuple[str, ...]:
        """The plugins of every session that opens a mailbox."""
        return ("quota", *self.delivery_plugins)

    @property
    def delivery_plugins(self) -> tuple[str, ...]:
        """The plugins of deliveries: quota is asked for before mail is accepted, not after."""
        return ("fts", "fts_flatcurve") if self.options.full_text_search else ()

    @property
    def has_before(self) -> bool:
        """Tell whether scripts run before users' own."""
        return any("/before.d/" in script.path for script in self.scripts)

    @property
    def has_after(self) -> bool:
        """Tell whether scripts run after users' own."""
        return any("/after.d/" in script.path for script in self.scripts)


def _config_version(host: Host) -> str:
    newer = host.target.has("dovecot", CONFIG_VERSION)
    return CONFIG_VERSION if newer else FIRST_CONFIG_VERSION


def _learn(duty: Duty) -> str:
    """Moves to Junk teach the rspamd of this machine: another one would not learn from them."""
    asked = duty.requests.of(LearnSpam) if duty.host.is_("mx") else ()
    return next((one.controller for one in asked), "")


def _scripts(duty: Duty) -> tuple[Script, ...]:
    texts = {
        "before.d/10-spam": "".join(one.script for one in duty.requests.of(SieveBefore)),
        "before.d/50-site": duty.options.sieve_before,
        "after.d/50-site": duty.options.sieve_after,
        "learn-spam": LEARN if _learn(duty) else "",
        "learn-ham": UNLEARN if _learn(duty) else "",
    }
    return tuple(
        Script(f"{SIEVE}/{name}.sieve", text if text.endswith("\n") else f"{text}\n")
        for name, text in texts.items()
        if text
    )
