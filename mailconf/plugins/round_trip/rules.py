"""What a user may find wrong."""

from __future__ import annotations

from mailconf.model.finding import Rule, Severity

LOGIN_REFUSED = Rule(
    code="RTP002",
    name="login-refused",
    severity=Severity.ERROR,
    message="{account} is not let in: {got}",
    expected="a login",
    fix="compare the password behind the reference with the mailbox's own; then read the log of auth",
    ref="RFC 4954 §6, RFC 9051 §6.2.2, RFC 5034",
)
ANY_PASSWORD = Rule(
    code="RTP003",
    name="wrong-password-accepted",
    severity=Severity.ERROR,
    message="{address} is let in with a random password: {got}",
    expected="a refusal",
    fix="close the service, then look for a passdb that asks for no password (nopassword, static)",
    ref="RFC 4954 §6, RFC 9051 §6.2.2",
)
NO_CAPABILITY = Rule(
    code="RTP004",
    name="capability-missing-after-login",
    severity=Severity.WARNING,
    message="{missing} not offered after the login",
    expected="{missing}",
    fix="deploy the generated dovecot.conf; a proxy may be hiding the capability",
    ref="RFC 9051 §6.1.1, RFC 2449 §5",
)
NO_FOLDER = Rule(
    code="RTP005",
    name="folder-missing",
    severity=Severity.WARNING,
    message="no folder has the use {uses}: mail programs make one of their own",
    expected="folders for {uses}",
    fix="deploy the generated dovecot.conf: namespace inbox",
    ref="RFC 6154 §2",
)
FAILS = Rule(
    code="RTP006",
    name="command-fails",
    severity=Severity.WARNING,
    message="{command} is offered and fails: {got}",
    expected="{command} carried out",
    fix="read the server's log of this session",
    ref="RFC 2342 §5, RFC 2177 §3, RFC 5256, RFC 1939 §7, RFC 5804 §2.7",
)
IDS_CHANGE = Rule(
    code="RTP007",
    name="unique-ids-change",
    severity=Severity.ERROR,
    message="a message is {one} in one session and {other} in the next: programs fetch all mail again",
    expected="the same id in every session",
    fix="deploy the generated dovecot.conf (pop3_uidl_format); see that the index files can be written",
    ref="RFC 1939 §7, RFC 9051 §2.3.1.1",
)
FOREIGN_SENDER = Rule(
    code="RTP008",
    name="sender-of-another-allowed",
    severity=Severity.ERROR,
    message="{address} may send as {sender}: {got}",
    expected="553 5.7.1",
    fix="deploy the generated main.cf: reject_sender_login_mismatch",
    ref="RFC 6409 §6.1",
)
NO_LIMIT = Rule(
    code="RTP009",
    name="size-limit-not-kept",
    severity=Severity.WARNING,
    message="a message is announced as larger than the limit {limit}, and accepted: {got}",
    expected="552 5.3.4",
    fix="deploy the generated main.cf: message_size_limit",
    ref="RFC 1870 §6.1",
)
NOT_SENT = Rule(
    code="RTP010",
    name="probe-refused",
    severity=Severity.ERROR,
    message="a message of {address} to itself is refused: {got}",
    expected="250 after the message",
    fix="read the server's log: the reply names the restriction or the filter",
    ref="RFC 6409",
)
NOT_ARRIVED = Rule(
    code="RTP011",
    name="probe-not-arrived",
    severity=Severity.ERROR,
    message="message {token} is accepted, and after {seconds} s neither in INBOX nor in Junk of {address}",
    expected="the message in INBOX within {seconds} s",
    fix="look for its Message-ID in the log and the queue of the host that accepted it",
    ref="RFC 5321 §4.2.5",
)
FILED_AS_SPAM = Rule(
    code="RTP012",
    name="probe-filed-as-spam",
    severity=Severity.WARNING,
    message="a message of {address} to itself is filed in {folder}",
    expected="INBOX",
    fix="read the headers of the spam filter in the message: users who log in are not to be judged",
)
TAKEN_AWAY = Rule(
    code="RTP013",
    name="message-gone-after-reading",
    severity=Severity.ERROR,
    message="a message that was read and not deleted is gone in the next session",
    expected="the message, until it is deleted",
    fix="look at what expires mail: pop3_deleted_flag, autoexpunge, a sieve script",
    ref="RFC 1939 §8",
)
LEFT = Rule(
    code="RTP014",
    name="probe-left-behind",
    severity=Severity.WARNING,
    message="message {token} could not be removed again: {why}",
    expected="no message of ours left behind",
    fix="delete it by hand; its subject is: mailconf probe {token}",
)
UNSIGNED = Rule(
    code="RTP015",
    name="probe-signature-fails",
    severity=Severity.ERROR,
    message="what {address} sends arrives {got}",
    expected="dkim=pass",
    fix="read the signer's log; compare the key record with the signer's key",
    ref="RFC 6376 §6.1, RFC 9989 §4.4.1",
)
NOT_ALIGNED = Rule(
    code="RTP016",
    name="probe-signature-not-aligned",
    severity=Severity.ERROR,
    message="what {address} sends is signed by {signers}, which does not align with {domain}",
    expected="a signature that aligns with {domain}",
    fix="sign with a key of {domain}",
    ref="RFC 9989 §4.4.1",
)
SPF_FAILS = Rule(
    code="RTP017",
    name="probe-spf-fails",
    severity=Severity.ERROR,
    message="receivers judge mail of {address} from {ip}: spf={got}",
    expected="spf=pass",
    fix="publish the record of the spec",
    ref="RFC 7208 §2.6",
)
DMARC_FAILS = Rule(
    code="RTP018",
    name="probe-dmarc-fails",
    severity=Severity.ERROR,
    message="receivers judge what {address} sends: dmarc={got}{why}",
    expected="dmarc=pass",
    fix="mend what DKIM and SPF show, then the policy record",
    ref="RFC 9989 §5.4",
)
JUDGED_OTHERWISE = Rule(
    code="RTP019",
    name="probe-judged-otherwise",
    severity=Severity.ERROR,
    message="our own host judged its user's message: {got}",
    expected="no judgement of users who have logged in, or pass",
    fix="mail of users who have logged in is signed, not judged: see the milters of the submission services",
    ref="RFC 8601 §2.7",
)
CHANGED = Rule(
    code="RTP020",
    name="probe-changed",
    severity=Severity.WARNING,
    message="the message arrives with {field} {got!r}, sent was {want!r}",
    expected="{want}",
    fix="look for what rewrites headers: canonical_maps, header_checks, masquerade_domains, a milter",
    ref="RFC 6409 §8",
)
RECEIVED_IN_CLEAR = Rule(
    code="RTP024",
    name="probe-received-in-clear",
    severity=Severity.WARNING,
    message="Received lines of {host} tell of {got}, though the message came over TLS",
    expected="ESMTPSA",
    fix="look for what ends TLS in front of the server, or rewrites Received lines",
    ref="RFC 3848",
)
SMUGGLED = Rule(
    code="RTP021",
    name="end-of-data-forged",
    severity=Severity.ERROR,
    message="{sequence} ends a message: what follows it is taken as a message of its own",
    expected="CR LF . CR LF alone",
    fix="deploy the generated main.cf: smtpd_forbid_bare_newline = normalize",
    ref="RFC 5321 §4.1.1.4, CVE-2023-51764",
)
REFUSED_FROM_OUTSIDE = Rule(
    code="RTP022",
    name="mail-from-outside-refused",
    severity=Severity.ERROR,
    message="a stranger's mail to {address} is refused, who has a mailbox: {got}",
    expected="250",
    fix="deploy the generated tables: virtual_mailbox_maps, and relay_recipient_maps of a backup MX",
    ref="RFC 5321 §3.6.3, RFC 3463 §3.2",
)
LOST_FROM_OUTSIDE = Rule(
    code="RTP023",
    name="mail-from-outside-lost",
    severity=Severity.ERROR,
    message="message {token} of a stranger is accepted, and after {seconds} s in no folder of {address}",
    expected="the message in INBOX or Junk within {seconds} s",
    fix="look for its Message-ID in the log and the queue of the host that accepted it",
    ref="RFC 5321 §4.2.5",
)
FOREIGN_AUTHOR = Rule(
    code="RTP025",
    name="author-of-another-accepted",
    severity=Severity.ERROR,
    message="a message of {address} with From: {author} is accepted: {got}",
    expected="550 5.7.1",
    fix="run a milter that checks From: against the login, such as the rendered mailconf-originators",
    ref="RFC 5322 §3.6.2, RFC 6409 §6.1",
)
