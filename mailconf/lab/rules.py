"""What must come true in a lab, as rules."""

from mailconf.model.finding import Rule, Severity

NOT_SENT = Rule(
    code="LAB010",
    name="roundtrip-not-sent",
    severity=Severity.ERROR,
    found_by="lab",
    message="a user could not send mail: {why}; log: {logged}",
    fix="look at the log line; it names the daemon and the setting",
    ref="RFC 6409 §4",
)
NOT_DELIVERED = Rule(
    code="LAB011",
    name="roundtrip-not-delivered",
    severity=Severity.ERROR,
    found_by="lab",
    message="the message was not delivered; log: {logged}",
    fix="look at the log line; it names the daemon and the setting",
)
NOT_READ = Rule(
    code="LAB012",
    name="roundtrip-not-read",
    severity=Severity.ERROR,
    found_by="lab",
    message="the mailbox could not be read: {why}; log: {logged}",
    fix="look at the log line; it names the daemon and the setting",
)
NOT_AUTHENTIC = Rule(
    code="LAB013",
    name="roundtrip-not-authentic",
    severity=Severity.ERROR,
    found_by="lab",
    message="{host} does not report {method}=pass; it reports {got}{logged}",
    fix="compare the signing table, the published key and the SPF record with the spec",
    ref="RFC 8601 §2.2",
)
SPOOFED = Rule(
    code="LAB014",
    name="spoof-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="mail from an external host with a sender address of this site was accepted",
    fix="set dmarc policy: reject, and check that opendmarc filters mail on port 25",
    ref="RFC 9989 §5.4",
)
RELAYED = Rule(
    code="LAB015",
    name="relay-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="mail from an unauthenticated client to an external domain was accepted (open relay)",
    fix="fix this immediately: smtpd_relay_restrictions must end in reject_unauth_destination",
    ref="RFC 5321 §3.6.2",
)
UNKNOWN_ACCEPTED = Rule(
    code="LAB016",
    name="unknown-recipient-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="mail to the unknown recipient {address} was accepted: {got}",
    fix="make all recipients known to the host: check virtual_mailbox_maps and relay_recipient_maps",
    ref="RFC 5321 §3.6.2, BACKSCATTER_README",
)
OVER_QUOTA_ACCEPTED = Rule(
    code="LAB017",
    name="over-quota-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="mail to {address}, which is over quota, was accepted: {got}",
    fix="look at check_policy_service in main.cf and at quota-status in dovecot.conf",
    ref="RFC 5321 §4.2.3",
)
TOO_LARGE_ACCEPTED = Rule(
    code="LAB018",
    name="oversized-message-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="a message of {size} octets, above the size limit, was accepted: {got}",
    fix="deploy the generated main.cf: message_size_limit",
    ref="RFC 1870 §6.1",
)
SMUGGLED = Rule(
    code="LAB019",
    name="end-of-data-smuggled",
    severity=Severity.ERROR,
    found_by="lab",
    message="{sequence} was accepted as end of data; the following text became a second message (SMTP smuggling)",
    fix="deploy the generated main.cf: smtpd_forbid_bare_newline = normalize",
    ref="RFC 5321 §4.1.1.4, CVE-2023-51764",
)
FORGED = Rule(
    code="LAB020",
    name="forged-sender-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="the authenticated user {user} could send as {victim}: {got}",
    fix="deploy the generated files: smtpd_sender_login_maps, reject_sender_login_mismatch",
    ref="RFC 6409 §6.1",
)
WITHOUT_LOGIN = Rule(
    code="LAB021",
    name="submission-without-login",
    severity=Severity.ERROR,
    found_by="lab",
    message="the submission service accepted mail without authentication: {got}",
    fix="deploy the generated master.cf: permit_sasl_authenticated,reject",
    ref="RFC 6409 §4.3",
)
CLEAR_LOGIN = Rule(
    code="LAB022",
    name="plaintext-login-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="a login without TLS was accepted: {got}",
    fix="deploy the generated files: smtpd_tls_auth_only, ssl = required",
    ref="RFC 8314 §3, RFC 4954 §4",
)
WEAK_CIPHER = Rule(
    code="LAB024",
    name="weak-cipher-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="the server negotiated a TLS 1.2 cipher outside Mozilla's intermediate profile",
    fix="deploy the generated files: tls_medium_cipherlist in master.cf, ssl_cipher_list",
    ref="Mozilla server-side TLS 6.0, RFC 9325 §4.2",
)
OLD_TLS = Rule(
    code="LAB023",
    name="old-tls-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="the server negotiated {version}",
    fix="deploy the generated files: smtpd_tls_protocols, ssl_min_protocol",
    ref="RFC 8996",
)
