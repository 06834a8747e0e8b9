"""Rendered files under review: what doveconf lets pass, and what doveconf says only one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host

OLD_WORDS = {
    "mail_location": "mail_driver and mail_path",
    "ssl_cert": "ssl_server_cert_file",
    "ssl_key": "ssl_server_key_file",
    "disable_plaintext_auth": "auth_allow_cleartext",
    "ssl_prefer_server_ciphers": "ssl_server_prefer_ciphers",
    "auth_default_realm": "auth_default_domain",
    "service_count": "restart_request_count",
}
NEW_WORDS = {new: old for old, new in OLD_WORDS.items() if " " not in new} | {
    "dovecot_config_version": "nothing",
    "mail_driver": "mail_location",
    "mail_path": "mail_location",
}
SETTING = re.compile(
    r"^[ \t]*(?P<name>[a-z0-9_:]+)[ \t]*=[ \t]*(?P<value>(?:.*\S)?)[ \t]*$", re.MULTILINE
)
OLD_VARIABLE = re.compile(r"(?<![%\w])%[LUR]?[undhrlsw]\b")
NAMESPACE = re.compile(r"^namespace[ \t]+\S+[ \t]*\{(?P<body>(?:\n(?!\}).*)*)", re.MULTILINE)

NO_VERSION = Rule(
    code="DVC001",
    name="dovecot-version-not-first",
    severity=Severity.ERROR,
    message="the first setting is {found!r}; expected dovecot_config_version, then dovecot_storage_version",
    fix="start the file with dovecot_config_version and dovecot_storage_version",
    ref="Dovecot 2.4, upgrading: dovecot_config_version",
    bad="protocols = imap\ndovecot_config_version = 2.4.1",
    good="dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0",
    language="dovecot-2.4",
)
DIALECT = Rule(
    code="DVC002",
    name="dovecot-wrong-dialect",
    severity=Severity.ERROR,
    message="Dovecot {version} does not support {found}",
    fix="write {better}",
    ref="Dovecot 2.4, upgrading from 2.3",
    bad="dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\nssl_cert = </etc/ssl/a",
    good=(
        "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\n"
        "ssl_server_cert_file = /etc/ssl/a"
    ),
    language="dovecot-2.4",
)
USER_CHARS = Rule(
    code="DVC003",
    name="dovecot-username-chars-unrestricted",
    severity=Severity.ERROR,
    message="auth_username_chars is empty; Dovecot {version} is open to injection through user names",
    fix="leave it out, or update to 2.4.3",
    ref="CVE-2026-24031, CVE-2026-27860",
    bad=("dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\nauth_username_chars ="),
    good="dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0",
    language="dovecot-2.4",
)
HOME_IS_MAIL = Rule(
    code="DVC005",
    name="dovecot-mail-in-home",
    severity=Severity.ERROR,
    message="mail is stored in the home directory itself, {path}; scripts and indexes would appear as folders",
    fix="use a subdirectory such as ~/Maildir",
    ref="Dovecot, home directories for virtual users",
    bad="mail_location = maildir:~",
    good="mail_location = maildir:~/Maildir",
    language="dovecot-2.3",
)
GRACE = Rule(
    code="DVC006",
    name="dovecot-quota-grace-not-a-size",
    severity=Severity.WARNING,
    message="quota_storage_grace is {value}; expected a size",
    fix="write a size such as 10M",
    ref="Dovecot 2.4, quota_storage_grace",
    bad=(
        "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\nquota_storage_grace = 10%"
    ),
    good=(
        "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\nquota_storage_grace = 10M"
    ),
    language="dovecot-2.4",
)
SPECIAL_USE = Rule(
    code="DVC007",
    name="dovecot-special-use",
    severity=Severity.WARNING,
    message="the inbox namespace has {count} mailboxes with special use {use}; expected one",
    fix="set each special_use (Drafts, Junk, Sent, Trash) on one mailbox",
    ref="RFC 6154",
    bad="namespace inbox {\n  mailbox Sent {\n    special_use = \\Sent\n  }\n}",
    good=(
        "namespace inbox {\n  mailbox a {\n    special_use = \\Drafts\n  }\n"
        "  mailbox b {\n    special_use = \\Junk\n  }\n"
        "  mailbox c {\n    special_use = \\Sent\n  }\n"
        "  mailbox d {\n    special_use = \\Trash\n  }\n}"
    ),
    language="dovecot-2.3",
)
SEPARATORS = Rule(
    code="DVC008",
    name="dovecot-separators-differ",
    severity=Severity.ERROR,
    message="namespaces use the separators {found}; clients support only one",
    fix="write the same separator in all of them",
    ref="Dovecot, namespaces",
    bad="namespace a {\n  separator = /\n}\nnamespace b {\n  separator = .\n}",
    good="namespace a {\n  separator = /\n}\nnamespace b {\n  separator = /\n}",
    language="dovecot-2.3",
)
SOCKET_MODE = Rule(
    code="DVC009",
    name="dovecot-socket-world-accessible",
    severity=Severity.WARNING,
    message="an authentication socket has mode {mode}; every local process can query it",
    fix="set mode = 0660, user = postfix, group = postfix",
    ref="Dovecot, Postfix and SASL",
    bad="service auth {\n  unix_listener a {\n    mode = 0666\n  }\n}",
    good="service auth {\n  unix_listener a {\n    mode = 0660\n  }\n}",
    language="dovecot-2.3",
)
NO_PROTOCOLS = Rule(
    code="DVC010",
    name="dovecot-no-protocols",
    severity=Severity.ERROR,
    message="login services are configured, but no protocol is enabled; Dovecot 2.4 enables none by default",
    fix="list the protocols in the protocols block",
    ref="Dovecot 2.4, protocols",
    bad=(
        "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\nservice imap-login {\n}"
    ),
    good=(
        "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\n"
        "protocols = imap\nservice imap-login {\n}"
    ),
    language="dovecot-2.4",
)
IN_CLEAR = Rule(
    code="TLS001",
    name="plaintext-login-allowed",
    severity=Severity.ERROR,
    message="{name} is {value}, which allows passwords in plaintext",
    fix="set ssl = required, and disable_plaintext_auth = yes (2.3) or auth_allow_cleartext = no (2.4)",
    ref="RFC 8314 §3, §4.1",
    bad="ssl = yes\ndisable_plaintext_auth = no",
    good="ssl = required\ndisable_plaintext_auth = yes",
    language="dovecot-2.3",
)
OLD_TLS = Rule(
    code="TLS022",
    name="tls-version-old-for-users",
    severity=Severity.ERROR,
    message="ssl_min_protocol is {value}; expected TLSv1.2 or TLSv1.3",
    fix="set ssl_min_protocol = TLSv1.2",
    ref="RFC 8996, RFC 8997, RFC 9325 §3.1.1",
    bad="ssl_min_protocol = TLSv1",
    good="ssl_min_protocol = TLSv1.2",
    language="dovecot-2.3",
)
IN_CLEAR_VALUES = {"ssl": "no", "disable_plaintext_auth": "no", "auth_allow_cleartext": "yes"}
USES = ("Drafts", "Junk", "Sent", "Trash")
PUBLIC_MODES = ("0666", "0777", "0667")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Reads the dovecot.conf of one host."""

    host: Host

    def dovecot_conf(self, text: str) -> Iterator[Finding]:
        """Yield what is wrong with it."""
        clean = "".join(line for line in text.splitlines(True) if not line.lstrip().startswith("#"))
        for rule, facts in (*self._dialect(clean), *self._content(clean)):
            yield rule.at(f"dovecot.conf of {self.host}", ("hosts", self.host.key), **facts)

    def _dialect(self, text: str) -> Iterator[tuple[Rule, dict[str, object]]]:
        version = self.host.target.version("dovecot")
        settings = list(SETTING.finditer(text))
        if not self.host.target.has("dovecot", "2.4"):
            for name in dict.fromkeys(m["name"] for m in settings if m["name"] in NEW_WORDS):
                yield DIALECT, {"found": name, "version": version, "better": NEW_WORDS[name]}
            return
        first = [m["name"] for m in settings[:2]]
        if first != ["dovecot_config_version", "dovecot_storage_version"]:
            yield NO_VERSION, {"found": (first or ["nothing"])[0]}
        for found, better in _old_speech(text):
            yield DIALECT, {"found": found, "version": version, "better": better}
        values = {m["name"]: m["value"] for m in settings}
        if values.get("auth_username_chars") == "" and not self.host.target.has("dovecot", "2.4.3"):
            yield USER_CHARS, {"version": version}
        if "-login {" in text and "protocols" not in text:
            yield NO_PROTOCOLS, {}
        if "%" in values.get("quota_storage_grace", ""):
            yield GRACE, {"value": values["quota_storage_grace"]}

    def _content(self, text: str) -> Iterator[tuple[Rule, dict[str, object]]]:
        has_logins = "-login {" in text or "passdb" not in text
        for match in SETTING.finditer(text):
            name, value = match["name"], match["value"]
            if has_logins and IN_CLEAR_VALUES.get(name) == value:
                yield IN_CLEAR, {"name": name, "value": value}
            if name == "ssl_min_protocol" and value not in ("TLSv1.2", "TLSv1.3"):
                yield OLD_TLS, {"value": value}
            if name == "mode" and value in PUBLIC_MODES:
                yield SOCKET_MODE, {"mode": value}
            bare = value.partition(":")[2] if name == "mail_location" else value
            if name in ("mail_location", "mail_path") and bare.rstrip("/") in ("~", "%h"):
                yield HOME_IS_MAIL, {"path": bare}
        yield from _namespaces(text)


def _namespaces(text: str) -> Iterator[tuple[Rule, dict[str, object]]]:
    bodies = [match["body"] for match in NAMESPACE.finditer(text)]
    for use in USES if bodies else ():
        count = sum(len(re.findall(rf"special_use = \\{use}\b", body)) for body in bodies)
        if count != 1 and "mailbox" in text:
            yield SPECIAL_USE, {"count": str(count), "use": f"\\{use}"}
    found = {
        m["value"] for body in bodies for m in SETTING.finditer(body) if m["name"] == "separator"
    }
    if len(found) > 1:
        yield SEPARATORS, {"found": " and ".join(sorted(found))}


def _old_speech(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a 2.4 file holds of 2.3's syntax, and what to write instead."""
    for match in SETTING.finditer(text):
        if match["name"] in OLD_WORDS:
            yield match["name"], OLD_WORDS[match["name"]]
        if match["value"].startswith("</"):
            yield f"{match['name']} = {match['value']}", "the path without <"
        if OLD_VARIABLE.search(match["value"]):
            yield f"{match['name']} = {match['value']}", "%{user}, %{home} and the like"
    for block, better in (("plugin {", "the settings themselves"), ("passdb {", "passdb NAME {")):
        if re.search(rf"^\s*{re.escape(block)}", text, re.MULTILINE):
            yield block.removesuffix(" {"), better
