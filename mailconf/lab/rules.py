"""What must come true in a lab, as rules."""

from mailconf.model.finding import Rule, Severity

NOT_SENT = Rule(
    code="LAB010",
    name="roundtrip-not-sent",
    severity=Severity.ERROR,
    message="a user could not send: {why}; the log says: {logged}",
    fix="look at the log line; it names the daemon and the setting",
    ref="RFC 6409 §4",
)
NOT_DELIVERED = Rule(
    code="LAB011",
    name="roundtrip-not-delivered",
    severity=Severity.ERROR,
    message="the message did not arrive; the log says: {logged}",
    fix="look at the log line; it names the daemon and the setting",
)
NOT_READ = Rule(
    code="LAB012",
    name="roundtrip-not-read",
    severity=Severity.ERROR,
    message="the mailbox could not be read: {why}; the log says: {logged}",
    fix="look at the log line; it names the daemon and the setting",
)
NOT_AUTHENTIC = Rule(
    code="LAB013",
    name="roundtrip-not-authentic",
    severity=Severity.ERROR,
    message="{host} does not say {method}=pass, it says: {got}{logged}",
    fix="compare the signing table, the published key and the SPF record with the spec",
    ref="RFC 8601 §2.2",
)
SPOOFED = Rule(
    code="LAB014",
    name="spoof-accepted",
    severity=Severity.ERROR,
    message="mail of a stranger in our own name was accepted",
    fix="set dmarc policy: reject and see that opendmarc judges what arrives on port 25",
    ref="RFC 9989 §5.4",
)
RELAYED = Rule(
    code="LAB015",
    name="relay-accepted",
    severity=Severity.ERROR,
    message="a stranger's mail to a foreign domain was accepted",
    fix="close it at once: smtpd_relay_restrictions must end in reject_unauth_destination",
    ref="RFC 5321 §3.6.2",
)
UNKNOWN_ACCEPTED = Rule(
    code="LAB016",
    name="unknown-recipient-accepted",
    severity=Severity.ERROR,
    message="mail to {address}, who does not exist, was accepted: {got}",
    fix="the host must know all recipients: look at virtual_mailbox_maps and relay_recipient_maps",
    ref="RFC 5321 §3.6.2, BACKSCATTER_README",
)
OVER_QUOTA_ACCEPTED = Rule(
    code="LAB017",
    name="over-quota-accepted",
    severity=Severity.ERROR,
    message="{address} is full, and mail to it was accepted: {got}",
    fix="look at check_policy_service in main.cf and at quota-status in dovecot.conf",
    ref="RFC 5321 §4.2.3",
)
TOO_LARGE_ACCEPTED = Rule(
    code="LAB018",
    name="oversized-message-accepted",
    severity=Severity.ERROR,
    message="a message of {size} octets was accepted: {got}",
    fix="deploy the generated main.cf: message_size_limit",
    ref="RFC 1870 §6.1",
)
SMUGGLED = Rule(
    code="LAB019",
    name="end-of-data-smuggled",
    severity=Severity.ERROR,
    message="{sequence} ended a message: what follows it is taken as a message of its own",
    fix="deploy the generated main.cf: smtpd_forbid_bare_newline = normalize",
    ref="RFC 5321 §4.1.1.4, CVE-2023-51764",
)
FORGED = Rule(
    code="LAB020",
    name="forged-sender-accepted",
    severity=Severity.ERROR,
    message="{user} could send as {victim}: {got}",
    fix="deploy the generated files: smtpd_sender_login_maps, reject_sender_login_mismatch",
    ref="RFC 6409 §6.1",
)
WITHOUT_LOGIN = Rule(
    code="LAB021",
    name="submission-without-login",
    severity=Severity.ERROR,
    message="mail was accepted without a login: {got}",
    fix="deploy the generated master.cf: permit_sasl_authenticated,reject",
    ref="RFC 6409 §4.3",
)
CLEAR_LOGIN = Rule(
    code="LAB022",
    name="login-in-clear-accepted",
    severity=Severity.ERROR,
    message="a user could log in without TLS: {got}",
    fix="deploy the generated files: smtpd_tls_auth_only, ssl = required",
    ref="RFC 8314 §3, RFC 4954 §4",
)
WEAK_CIPHER = Rule(
    code="LAB024",
    name="weak-cipher-accepted",
    severity=Severity.ERROR,
    message="TLS 1.2 with a cipher that Mozilla's intermediate profile does not have was accepted",
    fix="deploy the generated files: tls_medium_cipherlist in master.cf, ssl_cipher_list",
    ref="Mozilla server-side TLS 6.0, RFC 9325 §4.2",
)
OLD_TLS = Rule(
    code="LAB023",
    name="old-tls-accepted",
    severity=Severity.ERROR,
    message="{version} was accepted",
    fix="deploy the generated files: smtpd_tls_protocols, ssl_min_protocol",
    ref="RFC 8996",
)
