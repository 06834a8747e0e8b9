"""What an SMTP server of ours must and must not do, as rules."""

from mailconf.model.finding import Rule, Severity

CLOSED = Rule(
    code="SMT001",
    name="smtp-port-closed",
    severity=Severity.ERROR,
    found_by="verify",
    message="cannot connect: {why}",
    expected="a connection",
    fix="start Postfix, or open the port in the firewall",
    ref="RFC 5321 §4.5.4.2, RFC 8314 §3.3",
)
GREETING = Rule(
    code="SMT002",
    name="smtp-greeting",
    severity=Severity.ERROR,
    found_by="verify",
    message="the greeting is {got!r}; expected 220 {want}",
    expected="220 {want}",
    fix="deploy the generated main.cf: myhostname and smtpd_banner",
    ref="RFC 5321 §4.2, §4.3.1",
)
EHLO_NAME = Rule(
    code="SMT003",
    name="smtp-ehlo-name",
    severity=Severity.ERROR,
    found_by="verify",
    message="the EHLO reply contains the name {got!r}; expected {want!r}",
    expected="{want}",
    fix="deploy the generated main.cf: myhostname",
    ref="RFC 5321 §4.1.1.1",
)
NO_STARTTLS = Rule(
    code="TLS013",
    name="smtp-starttls-missing",
    severity=Severity.ERROR,
    found_by="verify",
    message="STARTTLS is {got}",
    expected="STARTTLS offered and accepted",
    fix="deploy the generated main.cf: smtpd_tls_security_level and smtpd_tls_chain_files",
    ref="RFC 3207 §4",
)
INJECTION = Rule(
    code="SMT004",
    name="smtp-starttls-response-injection",
    severity=Severity.ERROR,
    found_by="verify",
    message="the server sends plaintext after its STARTTLS reply and before the TLS handshake: {got!r}",
    expected="nothing between the reply and the handshake",
    fix="update the server, or the proxy in front of it",
    ref="RFC 3207 §6, CVE-2011-0411",
)
CAPABILITY = Rule(
    code="SMT005",
    name="smtp-capability-missing",
    severity=Severity.WARNING,
    found_by="verify",
    message="missing capabilities: {missing}; expected {want}",
    expected="{want}",
    fix="deploy the generated main.cf; a proxy may be hiding the capability",
    ref="RFC 5321 §4.1.1.1",
)
SIZE = Rule(
    code="SMT006",
    name="smtp-size-differs",
    severity=Severity.WARNING,
    found_by="verify",
    message="SIZE is {got}; expected {want}",
    expected="{want}",
    fix="deploy the generated main.cf: message_size_limit",
    ref="RFC 1870 §4",
)
LIMIT_IGNORED = Rule(
    code="SMT017",
    name="smtp-size-not-enforced",
    severity=Severity.WARNING,
    found_by="verify",
    message="SIZE {limit} is offered, but MAIL FROM with a larger SIZE is accepted: {got}",
    expected="552 5.3.4",
    fix="check for a proxy that offers a SIZE which the server behind it does not enforce",
    ref="RFC 1870 §6.1",
)
UNWANTED = Rule(
    code="SMT007",
    name="smtp-capability-unwanted",
    severity=Severity.ERROR,
    found_by="verify",
    message="{found} is offered, but must not be: {why}",
    expected="not offered",
    fix="deploy the generated main.cf",
    ref="RFC 6531 §3.1",
)
AUTH_IN_CLEAR = Rule(
    code="TLS014",
    name="smtp-auth-before-tls",
    severity=Severity.ERROR,
    found_by="verify",
    message="authentication is {got} before TLS",
    expected="no authentication offered or accepted before TLS",
    fix="deploy the generated main.cf: smtpd_tls_auth_only, smtpd_tls_security_level",
    ref="RFC 4954 §4, RFC 8314 §3.3",
)
AUTH_ON_MX = Rule(
    code="TLS015",
    name="smtp-auth-on-port-25",
    severity=Severity.ERROR,
    found_by="verify",
    message="port 25 offers AUTH {got}",
    expected="no AUTH",
    fix="deploy the generated main.cf: smtpd_sasl_auth_enable = no outside submission",
    ref="RFC 6409 §3.1, BCP 134",
)
NO_AUTH = Rule(
    code="SMT008",
    name="smtp-auth-missing",
    severity=Severity.ERROR,
    found_by="verify",
    message="AUTH offers {got}; expected PLAIN",
    expected="PLAIN",
    fix="start Dovecot, which authenticates for Postfix, and look for its socket private/auth",
    ref="RFC 4954 §4, RFC 6409 §4.3",
)
RELAY = Rule(
    code="SMT009",
    name="smtp-open-relay",
    severity=Severity.ERROR,
    found_by="verify",
    message="mail from an unauthenticated client to an external domain is accepted (open relay): {got!r}",
    expected="a rejection at RCPT",
    fix="fix this immediately: deploy the generated main.cf and master.cf (smtpd_relay_restrictions)",
    ref="RFC 5321 §3.6.2, RFC 6409 §4.3",
)
RELAY_TRICK = Rule(
    code="SMT010",
    name="smtp-relay-address-form",
    severity=Severity.ERROR,
    found_by="verify",
    message="unauthenticated mail from {envelope} is accepted; this address form may allow relaying: {got!r}",
    expected="a rejection at RCPT",
    fix="deploy the generated main.cf: smtpd_relay_restrictions, allow_percent_hack, swap_bangpath",
    ref="RFC 2505 §2.1, RFC 5321 §3.6.1, appendix F.2",
)
POSTMASTER = Rule(
    code="SMT011",
    name="smtp-postmaster-refused",
    severity=Severity.ERROR,
    found_by="verify",
    message="mail to {address} is rejected: {got!r}",
    expected="250 at RCPT",
    fix="give the domain an alias postmaster, and deploy the generated tables",
    ref="RFC 5321 §4.5.1",
)
ABUSE = Rule(
    code="SMT012",
    name="smtp-abuse-refused",
    severity=Severity.WARNING,
    found_by="verify",
    message="mail to {address} is rejected: {got!r}",
    expected="250 at RCPT",
    fix="deploy the generated tables; complaints go to this address",
    ref="RFC 2142 §2",
)
NOBODY_ACCEPTED = Rule(
    code="SMT013",
    name="smtp-unknown-recipient-accepted",
    severity=Severity.WARNING,
    found_by="verify",
    message="mail to the unknown recipient {address} is accepted: {got!r}; it would be bounced later (backscatter)",
    expected="550 5.1.1 at RCPT",
    fix="deploy the generated main.cf and tables: reject_unverified_recipient, virtual_mailbox_maps",
    ref="RFC 5321 §3.3, §6.1",
)
VRFY_LEAKS = Rule(
    code="SMT014",
    name="smtp-vrfy-discloses-users",
    severity=Severity.WARNING,
    found_by="verify",
    message="VRFY discloses which users exist: {got!r} for postmaster, {other!r} for an unknown user",
    expected="the same reply for both",
    fix="deploy the generated main.cf: disable_vrfy_command = yes",
    ref="RFC 5321 §3.5.3, §7.3",
)
EXPN_LEAKS = Rule(
    code="SMT015",
    name="smtp-expn-discloses-members",
    severity=Severity.WARNING,
    found_by="verify",
    message="EXPN discloses the recipients of postmaster: {got!r}",
    expected="a rejection",
    fix="disable EXPN, as Postfix does",
    ref="RFC 5321 §3.5.2, §7.3",
)
MAIL_IN_CLEAR = Rule(
    code="SMT016",
    name="smtp-submission-without-tls",
    severity=Severity.ERROR,
    found_by="verify",
    message="submission accepts MAIL FROM before STARTTLS: {got!r}",
    expected="530 5.7.0",
    fix="deploy the generated master.cf: smtpd_tls_security_level=encrypt",
    ref="RFC 8314 §3.3, RFC 3207 §4",
)
PATIENCE_SECONDS = 10.0
LATE = Rule(
    code="SMT018",
    name="smtp-greeting-slow",
    severity=Severity.WARNING,
    found_by="verify",
    message="the greeting took {got}; the limit is 10 s",
    expected="10 s at most",
    fix="check that the host's resolver responds (client names are looked up first), and check postscreen_greet_wait",
    ref="RFC 5321 §4.5.3.2.1",
)
