"""Faults that only a user sees: somebody logs in to these labs, and sends mail round."""

from collections.abc import Callable

from mailconf.lab.site import Site
from tests.lab.faults import DOVECOT, HOST, replaced

JUNK = "  mailbox Junk {\n    special_use = \\Junk\n    auto = subscribe\n  }\n"


def with_sieve(script: str) -> Callable[[Site], None]:
    """Let a script see all mail before anybody's own."""
    path = "/etc/dovecot/all.sieve"

    def tamper(site: Site) -> None:
        files = site.hosts[HOST].files
        files[path] = type(files[DOVECOT])(script)
        replaced(DOVECOT, "  sieve = file:", f"  sieve_before = {path}\n  sieve = file:")(site)

    return tamper


def with_another_password(site: Site) -> None:
    """Have the operator's reference lead to an old password."""
    site.logins = dict.fromkeys(site.logins, "the one before")


LOGIN_FAULTS: dict[str, Callable[[Site], None]] = {
    "user: any password": replaced(
        DOVECOT,
        "passdb {\n  driver = passwd-file\n",
        "passdb {\n  driver = static\n  args = nopassword=y\n}\npassdb {\n  driver = passwd-file\n",
    ),
    "user: no junk folder": replaced(DOVECOT, JUNK, ""),
    "user: capabilities hidden": replaced(
        DOVECOT,
        "protocol imap {\n",
        "protocol imap {\n  imap_capability = IMAP4rev1 SASL-IR LITERAL+ ID IDLE SPECIAL-USE UIDPLUS\n",
    ),
    "user: filed as spam": with_sieve('require "fileinto";\nfileinto "Junk";\n'),
    "user: thrown away": with_sieve("discard;\n"),
    "user: strangers thrown away": with_sieve(
        'if address :domain "from" "mailconf-probe-foreign.example" { discard; }\n'
    ),
    "user: refused": replaced(
        "/etc/postfix/submission-cleanup", "/^", "/^Subject: mailconf probe/ REJECT not today\n/^"
    ),
    "user: to rewritten": replaced(
        "/etc/postfix/submission-cleanup", "/^", "/^To:.*/ REPLACE To: nobody:;\n/^"
    ),
    "user: password differs": with_another_password,
}

# Of the faults in what others see too, those that change something for a user.
SEEN_BY_USERS = ("nothing is signed", "sender not checked", "bare newline", "spf record")
