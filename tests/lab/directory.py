"""Accounts in an LDAP directory: while it is away, and once it is there."""

import os
import re
import smtplib
from collections.abc import Iterator
from typing import Any

from mailconf.lab import mail
from mailconf.lab.mail import Login
from tests.lab.accounts import is_accepted_by_the_checkers
from tests.lab.bench import STRANGER, Bench, Imap, letter
from tests.lab.flow import until

CONFIG = ("etc/dovecot/dovecot-ldap.conf.ext", "etc/dovecot/dovecot.conf")
SOMEBODY = Login("frank@example.org", "another password of the lab")
PORT = 389


def users_of_the_spec_log_in(bench: Bench) -> dict[str, Any]:
    """Log in while the directory is away."""
    with bench.imap("alice@example.org") as client:
        names = client.names()
    return {"folders": names}


def mail_while_the_directory_is_away(bench: Bench) -> dict[str, str]:
    """Ask for a user of the spec, for an alias, and for somebody only the directory may know."""
    say = f"MAIL FROM:<{STRANGER}>"
    names = ("alice", "postmaster", "erin")
    seen = {n: bench.strangers_say(say, f"RCPT TO:<{n}@example.org>") for n in names}
    outside = mail.compose("alice@example.org", "peer@mailconf-peer.example", "labout")
    try:
        bench.submit(bench.login("alice@example.org"), outside)
        seen["outside"] = "accepted"
    except OSError as why:
        seen["outside"] = str(why)
    return seen


def users_of_the_directory(bench: Bench) -> dict[str, Any]:
    """Start the directory, then receive, log in, send; and be refused when unknown."""
    _start(bench)
    say = f"MAIL FROM:<{STRANGER}>"
    names = ("frank", "frank+news", "nobody-at-all")
    seen: dict[str, Any] = {
        n: bench.strangers_say(say, f"RCPT TO:<{n}@example.org>") for n in names
    }
    bench.deliver(letter(SOMEBODY.address, "labldapx"))
    seen["arrived"] = bench.read(SOMEBODY, "labldapx") is not None
    with Imap(bench.hostname, bench.address, bench.context) as client:
        seen["login"] = client.login(SOMEBODY.address, SOMEBODY.password)[0]
    bench.submit(SOMEBODY, mail.compose(SOMEBODY.address, "alice@example.org", "labldapsent"))
    seen["wrong"] = bench.host.run(
        "doveadm", "auth", "test", "--", SOMEBODY.address, "wrong"
    ).status
    return seen


def _start(bench: Bench) -> None:
    """Start slapd with one person; it lets nobody say a password before TLS."""
    root = bench.host.root
    (root / "etc/lab-slapd.conf").write_text("\n".join(_configuration(bench)) + "\n")
    (root / "etc/lab-slapd.ldif").write_text(PEOPLE)
    bench.host.start("mkdir", "/var/lib/lab-slapd")
    bench.host.start("slapadd", "-f", "/etc/lab-slapd.conf", "-l", "/etc/lab-slapd.ldif")
    urls = f"ldap://127.0.0.1:{PORT} ldap://{bench.address}:{PORT}"
    bench.host.spawn(PORT, "slapd", "-d", "0", "-f", "/etc/lab-slapd.conf", "-h", urls)
    # After a failure Dovecot tries again later and later.
    bench.host.run("doveadm", "reload")
    until(lambda: _known_to_dovecot(bench))


def _known_to_dovecot(bench: Bench) -> list[str]:
    """Ask Dovecot itself: Postfix remembers for hours that it was away in the moment of the reload."""
    private = os.open(bench.host.root / "var/spool/postfix/private", os.O_PATH)
    try:
        with smtplib.LMTP(f"/proc/self/fd/{private}/dovecot-lmtp") as client:
            client.mail(STRANGER)
            code, _ = client.rcpt(SOMEBODY.address)
    except (OSError, smtplib.SMTPException):
        return []
    finally:
        os.close(private)
    return [SOMEBODY.address] if code == 250 else []


PEOPLE = f"""\
dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
o: lab
dc: example

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people

dn: uid=frank,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
cn: Frank
sn: Frank
mail: {SOMEBODY.address}
userPassword: {SOMEBODY.password}
"""


def _configuration(bench: Bench) -> Iterator[str]:
    texts = (f.read_text() for f in (bench.host.root / c for c in CONFIG) if f.is_file())
    told = re.search(r"(?:dnpass|ldap_auth_dn_password) = (\S+)", "".join(texts))
    live = f"/etc/letsencrypt/live/{bench.hostname}"
    yield from (f"include /etc/ldap/schema/{n}.schema" for n in ("core", "cosine", "inetorgperson"))
    yield from ("modulepath /usr/lib/ldap", "moduleload back_mdb")
    yield from (
        f"TLSCertificateFile {live}/fullchain.pem",
        f"TLSCertificateKeyFile {live}/privkey.pem",
    )
    yield "security simple_bind=128"
    yield from ("database mdb", "suffix dc=example,dc=org", "directory /var/lib/lab-slapd")
    yield from ("rootdn cn=dovecot,dc=example,dc=org", f"rootpw {told[1] if told else ''}")
    yield "access to attrs=userPassword by * auth"
    yield "access to * by dn.exact=cn=dovecot,dc=example,dc=org read by * auth"


EXPERIMENTS = {
    "checkers": is_accepted_by_the_checkers,
    "logins": users_of_the_spec_log_in,
    "mail": mail_while_the_directory_is_away,
    "there": users_of_the_directory,
}
