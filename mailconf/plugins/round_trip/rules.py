"""What a user may find wrong."""

from __future__ import annotations

from mailconf.model.finding import Rule, Severity

LOGIN_REFUSED = Rule(
    code="RTP002",
    name="login-refused",
    severity=Severity.ERROR,
    found_by="verify",
    message="the login of {account} is rejected: {got}",
    expected="a successful login",
    fix="compare the referenced password with the password of the mailbox; then read the authentication log",
    ref="RFC 4954 §6, RFC 9051 §6.2.2, RFC 5034",
)
ANY_PASSWORD = Rule(
    code="RTP003",
    name="wrong-password-accepted",
    severity=Severity.ERROR,
    found_by="verify",
    message="a random password is accepted for {address}: {got}",
    expected="a rejected login",
    fix="disable the service, then look for a passdb that accepts any password (nopassword, static)",
    ref="RFC 4954 §6, RFC 9051 §6.2.2",
)
NO_CAPABILITY = Rule(
    code="RTP004",
    name="capability-missing-after-login",
    severity=Severity.WARNING,
    found_by="verify",
    message="missing capabilities after login: {missing}",
    expected="{missing}",
    fix="deploy the generated dovecot.conf; a proxy may be hiding the capability",
    ref="RFC 9051 §6.1.1, RFC 2449 §5",
)
NO_FOLDER = Rule(
    code="RTP005",
    name="special-use-folder-missing",
    severity=Severity.WARNING,
    found_by="verify",
    message="no folder has the special use {uses}; mail clients create their own",
    expected="folders with the special use {uses}",
    fix="deploy the generated dovecot.conf: namespace inbox",
    ref="RFC 6154 §2",
)
FAILS = Rule(
    code="RTP006",
    name="command-fails",
    severity=Severity.WARNING,
    found_by="verify",
    message="{command} is offered but fails: {got}",
    expected="{command} succeeds",
    fix="read the server's log of this session",
    ref="RFC 2342 §5, RFC 2177 §3, RFC 5256, RFC 1939 §7, RFC 5804 §2.7",
)
IDS_CHANGE = Rule(
    code="RTP007",
    name="unique-ids-change",
    severity=Severity.ERROR,
    found_by="verify",
    message="a message has the unique ID {one} in one session and {other} in the next; clients download all mail again",
    expected="the same id in every session",
    fix="deploy the generated dovecot.conf (pop3_uidl_format); check that Dovecot can write its index files",
    ref="RFC 1939 §7, RFC 9051 §2.3.1.1",
)
FOREIGN_SENDER = Rule(
    code="RTP008",
    name="foreign-sender-accepted",
    severity=Severity.ERROR,
    found_by="verify",
    message="{address} may send as {sender}: {got}",
    expected="553 5.7.1",
    fix="deploy the generated main.cf: reject_sender_login_mismatch",
    ref="RFC 6409 §6.1",
)
NO_LIMIT = Rule(
    code="RTP009",
    name="size-limit-not-enforced",
    severity=Severity.WARNING,
    found_by="verify",
    message="MAIL FROM with a SIZE above the limit {limit} is accepted: {got}",
    expected="552 5.3.4",
    fix="deploy the generated main.cf: message_size_limit",
    ref="RFC 1870 §6.1",
)
NOT_SENT = Rule(
    code="RTP010",
    name="probe-refused",
    severity=Severity.ERROR,
    found_by="verify",
    message="a message from {address} to itself is rejected: {got}",
    expected="250 after the message",
    fix="read the server's log: the reply names the restriction or the filter",
    ref="RFC 6409",
)
NOT_ARRIVED = Rule(
    code="RTP011",
    name="probe-not-arrived",
    severity=Severity.ERROR,
    found_by="verify",
    message="message {token} was accepted but is not in INBOX or Junk of {address} after {seconds} s",
    expected="the message in INBOX within {seconds} s",
    fix="look for its Message-ID in the log and the queue of the host that accepted it",
    ref="RFC 5321 §4.2.5",
)
FILED_AS_SPAM = Rule(
    code="RTP012",
    name="probe-filed-as-spam",
    severity=Severity.WARNING,
    found_by="verify",
    message="a message from {address} to itself was filed in {folder}",
    expected="INBOX",
    fix="read the spam filter headers of the message; mail of authenticated users should not be filtered",
)
TAKEN_AWAY = Rule(
    code="RTP013",
    name="message-gone-after-reading",
    severity=Severity.ERROR,
    found_by="verify",
    message="a message that was read but not deleted is missing in the next session",
    expected="the message, until it is deleted",
    fix="look at what expires mail: pop3_deleted_flag, autoexpunge, a sieve script",
    ref="RFC 1939 §8",
)
LEFT = Rule(
    code="RTP014",
    name="probe-left-behind",
    severity=Severity.WARNING,
    found_by="verify",
    message="message {token} could not be removed again: {why}",
    expected="no test message left behind",
    fix="delete it by hand; its subject is: mailconf probe {token}",
)
UNSIGNED = Rule(
    code="RTP015",
    name="probe-signature-fails",
    severity=Severity.ERROR,
    found_by="verify",
    message="mail from {address} arrives {got}",
    expected="dkim=pass",
    fix="read the signer's log; compare the key record with the signer's key",
    ref="RFC 6376 §6.1, RFC 9989 §4.4.1",
)
NOT_ALIGNED = Rule(
    code="RTP016",
    name="probe-signature-not-aligned",
    severity=Severity.ERROR,
    found_by="verify",
    message="mail from {address} is signed by {signers}, which does not align with {domain}",
    expected="a signature that aligns with {domain}",
    fix="sign with a key of {domain}",
    ref="RFC 9989 §4.4.1",
)
SPF_FAILS = Rule(
    code="RTP017",
    name="probe-spf-fails",
    severity=Severity.ERROR,
    found_by="verify",
    message="mail from {address} sent from {ip} gets spf={got}",
    expected="spf=pass",
    fix="publish the record that mailconf renders",
    ref="RFC 7208 §2.6",
)
DMARC_FAILS = Rule(
    code="RTP018",
    name="probe-dmarc-fails",
    severity=Severity.ERROR,
    found_by="verify",
    message="mail from {address} gets dmarc={got}{why}",
    expected="dmarc=pass",
    fix="fix the DKIM and SPF results first, then the DMARC record",
    ref="RFC 9989 §5.4",
)
JUDGED_OTHERWISE = Rule(
    code="RTP019",
    name="probe-results-fail",
    severity=Severity.ERROR,
    found_by="verify",
    message="mail of an authenticated user got {got} on this site's own host",
    expected="pass, or no results for authenticated users",
    fix="sign submitted mail but do not verify it; check the milters of the submission services",
    ref="RFC 8601 §2.7",
)
CHANGED = Rule(
    code="RTP020",
    name="probe-changed",
    severity=Severity.WARNING,
    found_by="verify",
    message="the message arrived with {field} {got!r}; it was sent with {want!r}",
    expected="{want}",
    fix="look for what rewrites headers: canonical_maps, header_checks, masquerade_domains, a milter",
    ref="RFC 6409 §8",
)
RECEIVED_IN_CLEAR = Rule(
    code="RTP024",
    name="probe-received-without-tls",
    severity=Severity.WARNING,
    found_by="verify",
    message="Received headers of {host} show {got}, although the message was sent over TLS",
    expected="ESMTPSA",
    fix="look for a proxy that terminates TLS before the server, or for rewritten Received headers",
    ref="RFC 3848",
)
SMUGGLED = Rule(
    code="RTP021",
    name="smtp-smuggling-accepted",
    severity=Severity.ERROR,
    found_by="verify",
    message="{sequence} is accepted as end of data; the following text becomes a second message (SMTP smuggling)",
    expected="only CR LF . CR LF ends the data",
    fix="deploy the generated main.cf: smtpd_forbid_bare_newline = normalize",
    ref="RFC 5321 §4.1.1.4, CVE-2023-51764",
)
REFUSED_FROM_OUTSIDE = Rule(
    code="RTP022",
    name="inbound-mail-rejected",
    severity=Severity.ERROR,
    found_by="verify",
    message="mail from an external sender to the existing mailbox {address} is rejected: {got}",
    expected="250",
    fix="deploy the generated tables: virtual_mailbox_maps, and relay_recipient_maps of a backup MX",
    ref="RFC 5321 §3.6.3, RFC 3463 §3.2",
)
LOST_FROM_OUTSIDE = Rule(
    code="RTP023",
    name="inbound-mail-lost",
    severity=Severity.ERROR,
    found_by="verify",
    message="message {token} from an external sender was accepted but is in no folder of {address} after {seconds} s",
    expected="the message in INBOX or Junk within {seconds} s",
    fix="look for its Message-ID in the log and the queue of the host that accepted it",
    ref="RFC 5321 §4.2.5",
)
FOREIGN_AUTHOR = Rule(
    code="RTP025",
    name="author-of-another-accepted",
    severity=Severity.ERROR,
    found_by="verify",
    message="a message of {address} with From: {author} is accepted: {got}",
    expected="550 5.7.1",
    fix="run a milter that checks From: against the login, such as the rendered mailconf-originators",
    ref="RFC 5322 §3.6.2, RFC 6409 §6.1",
)
