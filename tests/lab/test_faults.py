"""Break one thing at a time in the rendered tree: the lab names the fault."""

import pytest

from tests.lab.broken import PREPARE_FAULTS
from tests.lab.faults import FAULTS, NEW_DIALECT_FAULTS
from tests.lab.launching import Run, all_at_once, broken, needs_root
from tests.lab.login_faults import LOGIN_FAULTS

pytestmark = [pytest.mark.lab, needs_root]
ALL = (*FAULTS, *NEW_DIALECT_FAULTS, *LOGIN_FAULTS, *PREPARE_FAULTS)
FULL, COUNTED = "quota not asked", "store counts hosts"
UNCOUNTED = "2.4 wrong passwords not counted"

# fault: the findings that there must be, and no others; the words that explain the first one.
NAMED = {
    "lmtp plugin": ("LAB011", "Fatal: Plugin 'seive' not found"),
    "missing table": (
        "LAB010 LAB011",
        "error: open database /etc/postfix/virtual_aliases: No such file or directory",
    ),
    "milter socket": ("LAB011", "connect to Milter service inet:127.0.0.1:8899"),
    "dkim selector": ("LAB013", "'s202511z._domainkey.example.org' record not found"),
    "mistyped restriction": ("LAB011", 'unknown smtpd restriction: "reject_unknown_sender_domian"'),
    "unknown parameter": ("LAB001 LAB002", "unused parameter: smtpd_hello_required"),
    "open relay": (
        "LAB015 LAB019 LAB041 SMT009 SMT010",
        "to an external domain was accepted (open relay)",
    ),
    "sender not checked": ("LAB020 RTP008", "alice@example.org could send as bob@example.org"),
    "login not asked for": ("LAB021 SMT009", "accepted mail without authentication"),
    "login in clear": ("LAB022 SMT016 TLS014", "a login without TLS was accepted"),
    "old tls": ("LAB023 LAB024 TLS009 TLS024", "the server negotiated TLS 1.0"),
    "weak ciphers": (
        "LAB024 TLS009",
        "negotiated a TLS 1.2 cipher outside Mozilla's intermediate profile",
    ),
    "no size limit": (
        "LAB018 SMT006",
        "a message of 524288000 octets, above the size limit, was accepted",
    ),
    "bare newline": ("LAB019 RTP021", "LF . CR LF was accepted as end of data"),
    "everybody is a recipient": (
        "LAB016 SMT013",
        "mail to the unknown recipient mailconf-lab-nobody@example.org was accepted",
    ),
    "wrong name": ("SMT002 SMT003", "the greeting is '220 mx.example.org ESMTP'"),
    "spoofing allowed": ("LAB014", "with a sender address of this site was accepted"),
    "nothing is signed": ("LAB013 RTP015", "dkim=none"),
    "key for everybody": ("LAB010", "error loading key 's202611a._domainkey.example.org'"),
    "expired certificate": (
        "TLS006 ACF022 DAN001 LAB010 LAB012 STS020",
        "the certificate expired on",
    ),
    "certificate of another": (
        "TLS005 ACF022 DAN001 LAB010 LAB012 STS020 TLS007 TLS020",
        "covers www.example.org, not mail.example.org",
    ),
    "lmtp socket": ("LAB011", "private/dovecot-lmtp]: No such file or directory"),
    "passwords unreadable": (
        "LAB012 LAB010",
        "open(/etc/dovecot/passwords) failed: Permission denied",
    ),
    "mail directory": ("LAB012", "Permission denied"),
    "mx record": ("DNS010 LAB011 MX001", "MX record 10 mail.example.org. is not published"),
    "spf record": ("DNS011 LAB013 SPF018 RTP017", "TXT is v=spf1 ip4:192.0.2.26"),
    "dkim record": ("LAB013 DKM001 DNS010", "'s202611a._domainkey.example.org' record not found"),
    "tlsa record": ("LAB011 DNS011", "no matching DANE TLSA records"),
    "dmarc record": (
        "DNS010 DMC001 LAB013 LAB014",
        "TXT record v=DMARC1; p=reject is not published",
    ),
    "media type": ("ACF020", "has media type text/html; expected text/xml"),
    "policy differs": ("STS011 STS007", "testing, mx.example.org"),
    "own name relays": (
        "SMT010",
        "<postmaster@example.org> to <probe@mailconf-probe-foreign.example> is accepted",
    ),
    "names are verified": ("SMT014", "VRFY discloses which users exist"),
    "postmaster forgotten": ("SMT011", "mail to postmaster@example.org is rejected"),
    "submission in clear": ("SMT016", "submission accepts MAIL FROM before STARTTLS"),
    "old tls between servers": ("TLS025 LAB023", "the server accepts TLSv1.1"),
    "undeclared port": ("PRT017", "port 143 (imap) is open"),
    "auth on 25": ("TLS015", "port 25 offers AUTH"),
    "no tls on 25": ("TLS013 LAB011", "STARTTLS is not offered"),
    "smtputf8": ("SMT007", "SMTPUTF8 is offered"),
    "keyword hidden": ("SMT005", "missing capabilities: CHUNKING"),
    "smaller messages": ("SMT006", "SIZE is 10485760; expected 52428800"),
    "silent clients before TLS": (
        "LAB040",
        "130 silent connections from one address block other clients",
    ),
    "anybody at an address literal": ("LAB041", "mail to nobody-at-all@[192.0.2.25] is accepted"),
    "reports for strangers": (
        "LAB044",
        "an external client can request a delivery report for alice@example.org",
    ),
    "every program reaches the signer": ("LAB046", "127.0.0.1 port 8891"),
    "every program delivers by LMTP": ("LAB046", "/run/dovecot/lmtp"),
    "control characters": ("LAB041", "is accepted"),
    "everybody connects": ("LAB045", "the local account nobody of mail can connect to"),
    "no penalty": ("LAB043", "after 4 wrong passwords the next try from the same address ends in"),
    "srv port": ("DNS011 SRV001", "0 1 143 mail.example.org."),
    "srv record": ("DNS010", "SRV record 0 1 465 mail.example.org. is not published"),
    "two spf records": (
        "SPF002 DNS012 LAB013 SPF018",
        "example.org has 2 SPF records, which receivers treat as permerror",
    ),
    "policy id": ("DNS011", "v=STSv1; id=0"),
    "policy record": ("DNS010", "TXT record v=STSv1;"),
    "key revoked": (
        "DKM002 DNS011 LAB013",
        "the key published at s202611a._domainkey.example.org. is not the signer's key",
    ),
    "name without spf": ("DNS010", "TXT record v=spf1 a -all is not published"),
    "autoconfig elsewhere": ("DNS011", "www.example.org."),
    "weaker policy": ("DNS011 LAB014", "v=DMARC1; p=none"),
    "web at one address": ("WEB002", "2001:db8::25 refused the connection"),
    "challenge not served": ("TLS028", "at 2001:db8::25 is HTTP status 404"),
    "port 80 closed": ("TLS028 WEB002", "at 192.0.2.25 is a refused connection"),
    "web server away": ("WEB002", "192.0.2.25 refused the connection"),
    "policy not served": ("STS001", "404"),
    "policy redirected": ("STS001", "301"),
    "client configuration cut": (
        "ACF021",
        "https://autoconfig.example.org/mail/config-v1.1.xml is not a valid client configuration: not well-formed XML: no element found: line 36, column 0",
    ),
    "client configuration": ("ACF011", "imap mail.example.org:143 SSL"),
    "2.4 lmtp plugin": ("LAB011", "Plugin 'seive' not found"),
    "2.4 unknown uid": ("LAB012", "passwd-file: Invalid UID value 'nosuchuser'"),
    "2.4 weak ciphers": (
        "LAB024 TLS009",
        "negotiated a TLS 1.2 cipher outside Mozilla's intermediate profile",
    ),
    "user: any password": (
        "RTP003 LAB043",
        "a random password is accepted for alice@example.org",
    ),
    "user: no junk folder": ("RTP005", "no folder has the special use \\Junk"),
    "user: capabilities hidden": (
        "RTP004",
        "missing capabilities after login: NAMESPACE MOVE CONDSTORE ESEARCH",
    ),
    "user: filed as spam": (
        "RTP012 LAB011",
        "a message from alice@example.org to itself was filed in Junk",
    ),
    "user: thrown away": (
        "RTP011 RTP023 LAB011",
        "was accepted but is not in INBOX or Junk of alice@example.org after 20 s",
    ),
    "user: strangers thrown away": (
        "RTP023",
        "from an external sender was accepted but is in no folder of alice@example.org after 20 s",
    ),
    "user: refused": (
        "RTP010",
        "from alice@example.org to itself is rejected: 550 5.7.1 not today",
    ),
    "user: to rewritten": (
        "RTP020",
        "arrived with To 'nobody:;'; it was sent with '<alice@example.org>'",
    ),
    "user: password differs": ("RTP002", "the login of alice@example.org is rejected: 535 5.7.8"),
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
    "protocol closed": "[192.0.2.25] does not answer: no daemon listens on port 995 of mail",
    "2.4 unknown setting": "line 17: ssl_min_protocl: Unknown setting: ssl_min_protocl",
    "2.4 passdb driver": "Fatal: Unknown passdb driver 'passwdfile'",
    "script is a path": "50-site: line 1: error: expected end of command",
    "port closed": "[192.0.2.25] does not answer: a daemon is listening, but the firewall drops",
}


@pytest.fixture(scope="module")
def labs() -> dict[str, Run]:
    return all_at_once(broken, (FULL, COUNTED, UNCOUNTED, *ALL))


def test_every_fault_has_its_expectation() -> None:
    assert sorted(ALL) == sorted([*NAMED, *NO_BOOT])
    assert len(ALL) >= 70


@pytest.mark.parametrize("fault", NAMED)
def test_a_fault_is_named_and_nothing_else(fault: str, labs: dict[str, Run]) -> None:
    codes, told = NAMED[fault]
    first, *_ = codes.split()
    found = labs[fault].findings()
    assert any(told in message for message in found.get(first, [])), found or labs[fault].stderr
    assert sorted(found) == sorted(codes.split())
    assert not labs[fault].outcomes("crashed")


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


def test_a_full_mailbox_that_takes_mail_is_seen(labs: dict[str, Run]) -> None:
    found = labs[FULL].findings()
    assert any(
        "mail to newsletter@uni.example, which is over quota," in message
        for message in found["LAB017"]
    )


def test_a_store_that_counts_hosts_of_its_own_is_seen(labs: dict[str, Run]) -> None:
    found = labs[COUNTED].findings()
    assert any("a login from another is" in message for message in found["LAB042"])


def test_a_host_that_asks_a_store_and_counts_no_wrong_passwords_is_seen(
    labs: dict[str, Run],
) -> None:
    assert sorted(labs[UNCOUNTED].findings()) == ["LAB043"]


def test_a_parameter_that_is_not_read_shows_in_parse_back(labs: dict[str, Run]) -> None:
    (message,) = labs["unknown parameter"].findings()["LAB002"]
    assert "smtpd_hello_required was rendered as 'yes', but the daemon uses 'nothing'" in message
