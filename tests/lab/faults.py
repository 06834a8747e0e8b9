"""Faults to put into a site before it boots: each breaks one thing in what was rendered."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mailconf.lab.lab_ca import Authority
from mailconf.lab.site import Site
from mailconf.model.artifact import Directory

HOST = "mail"
LIVE = "/etc/letsencrypt/live/mail.example.org"
MAIN, DOVECOT = "/etc/postfix/main.cf", "/etc/dovecot/dovecot.conf"


def replaced(path: str, old: str, new: str, host: str = HOST) -> Callable[[Site], None]:
    def tamper(site: Site) -> None:
        file = site.hosts[host].files[path]
        assert old in file.text, f"{path} does not hold {old!r}"
        file.text = file.text.replace(old, new)

    return tamper


def without_certificate(site: Site) -> None:
    del site.hosts[HOST].files[f"{LIVE}/fullchain.pem"]


def without_mx(site: Site) -> None:
    lines = site.zones["example.org"].splitlines(keepends=True)
    site.zones["example.org"] = "".join(line for line in lines if " MX " not in line)


def with_expired_certificate(site: Site) -> None:
    authority = Authority(datetime.now(UTC))
    names = ["mail.example.org", "autoconfig.example.org", "mta-sts.example.org"]
    issued = authority.issue(names, until=datetime.now(UTC) - timedelta(days=1))
    site.hosts[HOST].files[f"{LIVE}/fullchain.pem"].text = issued.certificate
    site.hosts[HOST].files[f"{LIVE}/privkey.pem"].text = issued.private_key


def both(one: Callable[[Site], None], other: Callable[[Site], None]) -> Callable[[Site], None]:
    def tamper(site: Site) -> None:
        one(site)
        other(site)

    return tamper


def in_zone(old: str, new: str) -> Callable[[Site], None]:
    """Change the zone file; an empty `new` drops every line that holds `old`."""

    def tamper(site: Site) -> None:
        text = site.zones["example.org"]
        assert old in text, f"the zone does not hold {old!r}"
        if new:
            site.zones["example.org"] = text.replace(old, new)
        else:
            lines = text.splitlines(keepends=True)
            site.zones["example.org"] = "".join(line for line in lines if old not in line)

    return tamper


def with_other_keys_published(site: Site) -> None:
    """Publish keys in TLSA records that no server has."""
    text = site.zones["example.org"]
    site.zones["example.org"] = re.sub(r"(TLSA\s+3 1 1) [0-9a-f]{64}", rf"\1 {'0' * 64}", text)
    assert site.zones["example.org"] != text


def with_certificate_for(name: str) -> Callable[[Site], None]:
    def tamper(site: Site) -> None:
        issued = Authority(datetime.now(UTC)).issue([name])
        site.hosts[HOST].files[f"{LIVE}/fullchain.pem"].text = issued.certificate
        site.hosts[HOST].files[f"{LIVE}/privkey.pem"].text = issued.private_key

    return tamper


def with_key_of_another(site: Site) -> None:
    issued = Authority(datetime.now(UTC)).issue(["mail.example.org"])
    site.hosts[HOST].files[f"{LIVE}/privkey.pem"].text = issued.private_key


def with_mode(path: str, owner: str, group: str, mode: int) -> Callable[[Site], None]:
    def tamper(site: Site) -> None:
        file = next(f for p, f in site.hosts[HOST].files.items() if p.startswith(path))
        file.owner, file.group, file.mode = owner, group, mode

    return tamper


def without_file(path: str) -> Callable[[Site], None]:
    def tamper(site: Site) -> None:
        del site.hosts[HOST].files[path]

    return tamper


def with_foreign_mail_directory(site: Site) -> None:
    host = site.hosts[HOST]
    host.directories = [
        Directory(d.path, "root", "root", d.mode) if d.path == "/var/vmail" else d
        for d in host.directories
    ]


def in_zone_by(old: str, new: str) -> Callable[[Site], None]:
    """Change the zone by a regular expression."""

    def tamper(site: Site) -> None:
        text = site.zones["example.org"]
        site.zones["example.org"] = re.sub(old, new, text)
        assert site.zones["example.org"] != text

    return tamper


MASTER, KEYTABLE = "/etc/postfix/master.cf", "/etc/opendkim/keytable"
SIGNERS, FIREWALL = "/etc/opendkim/signingtable", "/etc/nftables.conf"
ALIASES, WEB = "/etc/postfix/virtual_aliases", "/etc/nginx/conf.d/mailconf.conf"
PLAIN = "/etc/nginx/conf.d/mailconf-http.conf"
POLICY_LOCATION = "location = /.well-known/mta-sts.txt {"
FAULTS: dict[str, Callable[[Site], None]] = {
    # What lab.md found out that native checkers let pass.
    "tls level": replaced(
        MAIN, "smtpd_tls_security_level = may", "smtpd_tls_security_level = bogus"
    ),
    "size limit": replaced(MAIN, "message_size_limit = 52428800", "message_size_limit = 10MB"),
    "no working restriction": replaced(
        MAIN, "reject_unauth_destination", "reject_unauth_destinaton"
    ),
    "passdb driver": replaced(
        DOVECOT, "driver = passwd-file\n  args = scheme", "driver = passwdfile\n  args = scheme"
    ),
    "lmtp plugin": replaced(DOVECOT, "zlib sieve", "zlib seive"),
    "missing certificate": without_certificate,
    "unknown uid": replaced(
        DOVECOT, "default_fields = uid=5000", "default_fields = uid=nosuchuser"
    ),
    "missing table": without_file("/etc/postfix/virtual_aliases"),
    "milter socket": replaced(MAIN, "127.0.0.1:8891", "127.0.0.1:8899"),
    "sasl path": replaced(MAIN, "smtpd_sasl_path = private/auth", "smtpd_sasl_path = private/aut"),
    "dkim selector": replaced(KEYTABLE, ":s202611a:", ":s202511z:"),
    # And more of our own.
    "mistyped restriction": replaced(MAIN, "_sender_domain", "_sender_domian"),
    "unknown parameter": replaced(MAIN, "smtpd_helo_required", "smtpd_hello_required"),
    "open relay": replaced(MAIN, "127.0.0.0/8 [::1]/128", "0.0.0.0/0 [::]/0"),
    "sender not checked": replaced(MASTER, "reject_sender_login_mismatch", "permit"),
    "login not needed": replaced(MASTER, "permit_sasl_authenticated,reject", "permit"),
    "login not asked for": replaced(
        MASTER, "permit_sasl_authenticated,reject", "check_client_access,static:OK,reject"
    ),
    "login in clear": both(
        replaced(MAIN, "smtpd_tls_auth_only = yes", "smtpd_tls_auth_only = no"),
        replaced(MASTER, "smtpd_tls_security_level=encrypt", "smtpd_tls_security_level=may"),
    ),
    "old tls": replaced(
        DOVECOT,
        "ssl_min_protocol = TLSv1.2\nssl_cipher_list = ",
        "ssl_min_protocol = TLSv1\nssl_cipher_list = ALL:@SECLEVEL=0:",
    ),
    "weak ciphers": replaced(
        MASTER, "tls_medium_cipherlist=ECDHE-ECDSA-AES128-GCM-SHA256", "tls_medium_cipherlist=ALL"
    ),
    "no size limit": replaced(MAIN, "message_size_limit = 52428800", "message_size_limit = 0"),
    "bare newline": replaced(
        MAIN, "smtpd_forbid_bare_newline = normalize", "smtpd_forbid_bare_newline = no"
    ),
    "everybody is a recipient": replaced(
        MAIN, "texthash:/etc/postfix/virtual_mailboxes", "static:all"
    ),
    "wrong name": replaced(MAIN, "myhostname = mail.example.org", "myhostname = mx.example.org"),
    "spoofing allowed": replaced(
        "/etc/opendmarc.conf", "RejectFailures         true", "RejectFailures false"
    ),
    "nothing is signed": replaced(SIGNERS, "*@example.org", "*@example.com"),
    "key for everybody": with_mode("/etc/dkimkeys/", "root", "root", 0o644),
    "expired certificate": with_expired_certificate,
    "certificate of another": with_certificate_for("www.example.org"),
    "key of another": with_key_of_another,
    "lmtp socket": replaced(DOVECOT, "private/dovecot-lmtp", "private/dovecot-lmpt"),
    "auth socket mode": replaced(
        DOVECOT,
        "private/auth {\n    mode = 0660\n    user = postfix",
        "private/auth {\n    mode = 0600\n    user = root",
    ),
    "passwords unreadable": with_mode("/etc/dovecot/passwords", "root", "root", 0o600),
    "mail directory": with_foreign_mail_directory,
    "protocol closed": replaced(DOVECOT, "protocols = imap pop3 lmtp", "protocols = imap lmtp"),
    "port closed": replaced(FIREWALL, "993, 995", "995"),
    "mx record": without_mx,
    "spf record": in_zone_by(r"ip4:192\.0\.2\.25 ip6:\S+", "ip4:192.0.2.26"),
    "dkim record": in_zone("_domainkey", ""),
    "tlsa record": with_other_keys_published,
    "dmarc record": in_zone("_dmarc.example.org.", ""),
    "media type": replaced(
        "/etc/nginx/conf.d/mailconf.conf", "default_type text/xml", "default_type text/html"
    ),
    "policy differs": replaced(
        "/var/www/mailconf/mta-sts.example.org/.well-known/mta-sts.txt",
        "mail.example.org",
        "mx.example.org",
    ),
    # What must be refused, and what nobody declares.
    "own name relays": replaced(
        MAIN,
        "smtpd_relay_restrictions = permit_mynetworks,",
        "smtpd_relay_restrictions = permit_mynetworks,"
        " check_sender_access inline:{ { example.org = OK } },",
    ),
    "names are verified": replaced(MAIN, "disable_vrfy_command = yes", "disable_vrfy_command = no"),
    "postmaster forgotten": replaced(ALIASES, "postmaster@example.org alice@example.org\n", ""),
    "submission in clear": replaced(
        MASTER, "smtpd_tls_security_level=encrypt", "smtpd_tls_security_level=may"
    ),
    "old tls between servers": replaced(
        MAIN,
        "smtpd_tls_protocols = >=TLSv1.2",
        "smtpd_tls_protocols = >=TLSv1\ntls_medium_cipherlist = ALL:@SECLEVEL=0",
    ),
    "undeclared port": both(
        replaced(
            DOVECOT, "inet_listener imap {\n    port = 0", "inet_listener imap {\n    port = 143"
        ),
        replaced(FIREWALL, "80, 443", "80, 143, 443"),
    ),
    "auth on 25": replaced(MAIN, "smtpd_sasl_auth_enable = no", "smtpd_sasl_auth_enable = yes"),
    "no tls on 25": replaced(
        MAIN, "smtpd_tls_security_level = may", "smtpd_tls_security_level = none"
    ),
    "smtputf8": replaced(MAIN, "smtputf8_enable = no", "smtputf8_enable = yes"),
    "keyword hidden": replaced(
        MAIN,
        "smtpd_discard_ehlo_keywords = silent-discard, dsn",
        "smtpd_discard_ehlo_keywords = chunking, dsn",
    ),
    "smaller messages": replaced(
        MAIN, "message_size_limit = 52428800", "message_size_limit = 10485760"
    ),
    # DNS.
    "srv port": in_zone("SRV 0 1 993", "SRV 0 1 143"),
    "srv record": in_zone("_submissions._tcp", ""),
    "two spf records": in_zone(
        "example.org. 3600 IN MX",
        'example.org. 3600 IN TXT "v=spf1 a -all"\nexample.org. 3600 IN MX',
    ),
    "policy id": in_zone("v=STSv1; id=", "v=STSv1; id=0"),
    "policy record": in_zone("_mta-sts.example.org.", ""),
    "key revoked": in_zone_by(r"(v=DKIM1; k=rsa; p=)[^\n]*", r'\1"'),
    "name without spf": in_zone("mail.example.org. 3600 IN TXT", ""),
    "autoconfig elsewhere": in_zone(
        "autoconfig.example.org. 3600 IN CNAME mail", "autoconfig.example.org. 3600 IN CNAME www"
    ),
    "weaker policy": in_zone("p=reject", "p=none"),
    # What one client among many may do.
    "silent clients before TLS": both(
        replaced(FIREWALL, "count over 60", "count over 6000"),
        replaced(
            MASTER,
            "submissions inet  n       -      y      -      200 ",
            "submissions inet  n       -      y      -      100 ",
        ),
    ),
    "anybody at an address literal": both(
        replaced(
            "/etc/postfix/own_names",
            r"/@\[/ 550 5.1.1 Mail to address literals",
            "# Address literals",
        ),
        replaced(MAIN, "error:5.1.1 no mail is delivered to system users", "local"),
    ),
    "reports for strangers": replaced(
        MAIN, "smtpd_discard_ehlo_keywords = silent-discard, dsn", "# DSN for everybody"
    ),
    "everybody connects": replaced(FIREWALL, "tcp dport { 24, 25 } ct", "tcp dport 26 ct"),
    "every program delivers by LMTP": replaced(
        DOVECOT, "unix_listener lmtp {\n    mode = 00", "unix_listener lmtp {\n    mode = 0666"
    ),
    "control characters": replaced(MAIN, "smtpd_command_filter =", "# smtpd_command_filter ="),
    "every program reaches the signer": replaced(FIREWALL, " 8890, 8891, 8893,", " 8890, 8893,"),
    "no penalty": replaced(
        DOVECOT,
        "# Limits on concurrency",
        "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 00\n  }\n}\n# Limits on concurrency",
    ),
    # The web server.
    "web at one address": replaced(WEB, "listen [::]:443 ssl", "listen [::1]:443 ssl"),
    "challenge not served": replaced(
        PLAIN, "location ^~ /.well-known/acme-challenge/", "location ^~ /elsewhere/"
    ),
    "port 80 closed": replaced(FIREWALL, "80, 443", "443"),
    "web server away": replaced(WEB, " ssl;", "42 ssl;"),
    "policy not served": replaced(WEB, POLICY_LOCATION, "location = /elsewhere {"),
    "policy redirected": replaced(
        WEB, POLICY_LOCATION, f"{POLICY_LOCATION}\n        return 301 https://$host/elsewhere;"
    ),
    "client configuration cut": replaced(
        "/var/www/mailconf/autoconfig.example.org/mail/config-v1.1.xml", "</clientConfig>", ""
    ),
    "client configuration": replaced(
        "/var/www/mailconf/autoconfig.example.org/mail/config-v1.1.xml", "<port>993<", "<port>143<"
    ),
}


# On the example whose tasks have machines of their own, and a mailbox small enough to fill.
FLEET_FAULTS: dict[str, Callable[[Site], None]] = {
    "quota not asked": replaced(
        MAIN,
        "ask_quota = check_policy_service { inet:imap.uni.example:12340,"
        " default_action=DUNNO, try_limit=1, timeout=5s }",
        "ask_quota = permit",
        "mx",
    ),
    "store counts hosts": replaced(
        DOVECOT,
        "unix_listener anvil-auth-penalty {\n    mode = 00\n",
        "unix_listener anvil-auth-penalty {\n    mode = 0600\n",
        "imap",
    ),
    "2.4 wrong passwords not counted": replaced(DOVECOT, "deny = yes", "deny = no", "smtp"),
}


# In the other dialect of Dovecot, on the release that speaks it.
NEW_DIALECT = "debian-13"
NEW_DIALECT_FAULTS: dict[str, Callable[[Site], None]] = {
    "2.4 unknown setting": replaced(DOVECOT, "ssl_min_protocol", "ssl_min_protocl"),
    "2.4 passdb driver": replaced(DOVECOT, "passdb passwd-file {", "passdb passwdfile {"),
    "2.4 lmtp plugin": replaced(DOVECOT, "    sieve = yes", "    seive = yes"),
    "2.4 unknown uid": replaced(DOVECOT, "uid:default = 5000", "uid:default = nosuchuser"),
    "2.4 weak ciphers": replaced(
        DOVECOT, "ssl_cipher_list = ECDHE-ECDSA-AES128-GCM-SHA256", "ssl_cipher_list = ALL"
    ),
}
