"""Break one thing at a time in the rendered tree: the lab names the fault."""

import pytest

from tests.lab.broken import FAULTS, NEW_DIALECT_FAULTS
from tests.lab.launching import UNIVERSITY, Run, all_at_once, broken, needs_root

pytestmark = [pytest.mark.lab, needs_root]
ALL = (*FAULTS, *NEW_DIALECT_FAULTS)

# fault: the finding that must be there, and the words that explain it.
NAMED = {
    "lmtp plugin": ("LAB011", "Fatal: Plugin 'seive' not found"),
    "missing table": (
        "LAB010",
        "error: open database /etc/postfix/virtual_aliases: No such file or directory",
    ),
    "milter socket": ("LAB011", "connect to Milter service inet:127.0.0.1:8899"),
    "dkim selector": ("LAB013", "'s202511z._domainkey.example.org' record not found"),
    "mistyped restriction": (
        "LAB011",
        'unknown smtpd restriction: "reject_unknown_sender_domian"',
    ),
    "unknown parameter": ("LAB001", "unused parameter: smtpd_hello_required"),
    "open relay": ("LAB015", "mail to a foreign domain was accepted"),
    "sender not checked": ("LAB020", "alice@example.org could send as bob@example.org"),
    "login not asked for": ("LAB021", "mail was accepted without a login"),
    "login in clear": ("LAB022", "a user could log in without TLS"),
    "old tls": ("LAB023", "TLS 1.0 was accepted"),
    "weak ciphers": ("LAB024", "a cipher that Mozilla's intermediate profile does not have"),
    "no size limit": ("LAB018", "a message of 524288000 octets was accepted"),
    "bare newline": ("LAB019", "LF . CR LF ended a message"),
    "everybody is a recipient": ("LAB016", "mailconf-lab-nobody@example.org, who does not exist"),
    "wrong name": ("SMT002", "the greeting is '220 mx.example.org ESMTP'"),
    "spoofing allowed": ("LAB014", "in our own name was accepted"),
    "nothing is signed": ("LAB013", "dkim=none"),
    "key for everybody": ("LAB010", "error loading key 's202611a._domainkey.example.org'"),
    "expired certificate": ("TLS006", "the certificate ended on"),
    "certificate of another": ("TLS005", "covers www.example.org, not mail.example.org"),
    "lmtp socket": ("LAB011", "private/dovecot-lmtp]: No such file or directory"),
    "passwords unreadable": ("LAB012", "open(/etc/dovecot/passwords) failed: Permission denied"),
    "mail directory": ("LAB012", "Permission denied"),
    "mx record": ("DNS010", "MX 10 mail.example.org. is not published"),
    "spf record": ("DNS011", "TXT is v=spf1 ip4:192.0.2.26"),
    "dkim record": ("LAB013", "'s202611a._domainkey.example.org' record not found"),
    "tlsa record": ("LAB011", "no matching DANE TLSA records"),
    "dmarc record": ("DNS010", "TXT v=DMARC1; p=reject is not published"),
    "media type": ("ACF020", "served as text/html, wanted text/xml"),
    "policy differs": ("STS011", "testing, mx.example.org"),
    "client configuration": ("ACF011", "imap mail.example.org:143 SSL"),
    "2.4 lmtp plugin": ("LAB011", "Plugin 'seive' not found"),
    "2.4 unknown uid": ("LAB012", "passwd-file: Invalid UID value 'nosuchuser'"),
    "2.4 weak ciphers": ("LAB024", "a cipher that Mozilla's intermediate profile does not have"),
}
# fault: the line with which the boot ends.
NO_BOOT = {
    "tls level": 'fatal: Invalid TLS level "bogus"',
    "size limit": "bad numerical configuration: message_size_limit = 10MB",
    "no working restriction": "specify at least one working instance of",
    "passdb driver": "Unknown passdb driver 'passwdfile'",
    "missing certificate": "fullchain.pem: No such file or directory",
    "unknown uid": "Invalid uid: nosuchuser",
    "sasl path": "auth socket 'private/aut' failed: No such file or directory",
    "login not needed": "specify at least one working instance of",
    "key of another": "key values mismatch",
    "auth socket mode": "auth socket 'private/auth' failed: Permission denied",
    "protocol closed": "[192.0.2.25] does not answer: nothing listens on port 995 of mail",
    "2.4 unknown setting": "line 17: ssl_min_protocl: Unknown setting: ssl_min_protocl",
    "2.4 passdb driver": "dovecot: auth: Fatal: Unknown passdb driver 'passwdfile'",
    "port closed": "[192.0.2.25] does not answer: a daemon listens there, so the packet filter",
}


@pytest.fixture(scope="module")
def labs() -> dict[str, Run]:
    return all_at_once(broken, ALL)


def test_every_fault_has_its_expectation() -> None:
    assert sorted(ALL) == sorted([*NAMED, *NO_BOOT])


@pytest.mark.parametrize("fault", NAMED)
def test_a_fault_is_named(fault: str, labs: dict[str, Run]) -> None:
    code, told = NAMED[fault]
    found = labs[fault].findings()
    assert any(told in message for message in found.get(code, [])), found or labs[fault].stderr


@pytest.mark.parametrize("fault", NO_BOOT)
def test_a_boot_that_fails_shows_the_line_that_explains_it(
    fault: str, labs: dict[str, Run]
) -> None:
    done = labs[fault]
    assert done.status == 1
    assert done.stderr.startswith("boot: ")
    assert NO_BOOT[fault] in done.stderr


def test_only_dkim_fails_when_only_dkim_is_broken(labs: dict[str, Run]) -> None:
    checks = {outcome["check"] for outcome in labs["dkim selector"].outcomes("failed")}
    assert checks == {"roundtrip.dkim"}


def test_an_open_relay_is_seen_by_verify_too(labs: dict[str, Run]) -> None:
    assert "SMT009" in labs["open relay"].findings()


def test_a_full_mailbox_that_takes_mail_is_seen() -> None:
    found = broken("quota not asked", UNIVERSITY).findings()
    assert any("newsletter@uni.example is full" in message for message in found["LAB017"])


def test_a_parameter_that_is_not_read_shows_in_parse_back(labs: dict[str, Run]) -> None:
    (message,) = labs["unknown parameter"].findings()["LAB002"]
    assert "smtpd_hello_required was written as 'yes', and the daemon reads 'nothing'" in message
