"""What an SMTP server of ours must and must not do, as rules."""

from mailconf.model.finding import Rule, Severity

CLOSED = Rule(
    code="SMT001",
    name="smtp-port-closed",
    severity=Severity.ERROR,
    message="the connection was refused: {why}",
    expected="a connection",
    fix="start Postfix, or open the port in the firewall",
    ref="RFC 5321 §4.5.4.2, RFC 8314 §3.3",
)
GREETING = Rule(
    code="SMT002",
    name="smtp-greeting",
    severity=Severity.ERROR,
    message="the greeting is {got!r}, wanted 220 {want}",
    expected="220 {want}",
    fix="deploy the generated main.cf: myhostname and smtpd_banner",
    ref="RFC 5321 §4.2, §4.3.1",
)
EHLO_NAME = Rule(
    code="SMT003",
    name="smtp-ehlo-name",
    severity=Severity.ERROR,
    message="EHLO is answered by {got!r}, wanted {want!r}",
    expected="{want}",
    fix="deploy the generated main.cf: myhostname",
    ref="RFC 5321 §4.1.1.1",
)
NO_STARTTLS = Rule(
    code="TLS013",
    name="smtp-starttls-missing",
    severity=Severity.ERROR,
    message="STARTTLS is {got}",
    expected="STARTTLS offered and accepted",
    fix="deploy the generated main.cf: smtpd_tls_security_level and smtpd_tls_chain_files",
    ref="RFC 3207 §4",
)
INJECTION = Rule(
    code="SMT004",
    name="starttls-injection",
    severity=Severity.ERROR,
    message="text sent in clear before TLS is taken as said inside it: {got!r}",
    expected="nothing between the reply and the handshake",
    fix="update the server, or the proxy in front of it",
    ref="RFC 3207 §6, CVE-2011-0411",
)
CAPABILITY = Rule(
    code="SMT005",
    name="smtp-capability-missing",
    severity=Severity.WARNING,
    message="{missing} not offered, wanted {want}",
    expected="{want}",
    fix="deploy the generated main.cf; a proxy may be hiding the capability",
    ref="RFC 5321 §4.1.1.1",
)
SIZE = Rule(
    code="SMT006",
    name="smtp-size-differs",
    severity=Severity.WARNING,
    message="SIZE is {got}, the spec wants {want}",
    expected="{want}",
    fix="deploy the generated main.cf: message_size_limit",
    ref="RFC 1870 §4",
)
LIMIT_IGNORED = Rule(
    code="SMT017",
    name="smtp-size-not-enforced",
    severity=Severity.WARNING,
    message="SIZE {limit} is offered, and a message that is announced as larger is taken: {got}",
    expected="552 5.3.4",
    fix="look for a proxy in front: it offers what the server behind it does not keep",
    ref="RFC 1870 §6.1",
)
UNWANTED = Rule(
    code="SMT007",
    name="smtp-capability-unwanted",
    severity=Severity.ERROR,
    message="{found} is offered: {why}",
    expected="not offered",
    fix="deploy the generated main.cf",
    ref="RFC 6531 §3.1",
)
AUTH_IN_CLEAR = Rule(
    code="TLS014",
    name="smtp-auth-before-tls",
    severity=Severity.ERROR,
    message="a login is {got} before TLS",
    expected="a login neither offered nor accepted",
    fix="deploy the generated main.cf: smtpd_tls_auth_only, smtpd_tls_security_level",
    ref="RFC 4954 §4, RFC 8314 §3.3",
)
AUTH_ON_MX = Rule(
    code="TLS015",
    name="smtp-auth-on-port-25",
    severity=Severity.ERROR,
    message="port 25 offers AUTH {got}",
    expected="no AUTH",
    fix="deploy the generated main.cf: smtpd_sasl_auth_enable = no outside submission",
    ref="RFC 6409 §3.1, BCP 134",
)
NO_AUTH = Rule(
    code="SMT008",
    name="smtp-auth-missing",
    severity=Severity.ERROR,
    message="AUTH offers {got}, wanted PLAIN",
    expected="PLAIN",
    fix="start Dovecot, which authenticates for Postfix, and look for its socket private/auth",
    ref="RFC 4954 §4, RFC 6409 §4.3",
)
RELAY = Rule(
    code="SMT009",
    name="smtp-relay-open",
    severity=Severity.ERROR,
    message="a stranger's mail to a foreign domain is accepted: {got!r}",
    expected="a refusal at RCPT",
    fix="close it at once: deploy the generated main.cf and master.cf, smtpd_relay_restrictions",
    ref="RFC 5321 §3.6.2, RFC 6409 §4.3",
)
RELAY_TRICK = Rule(
    code="SMT010",
    name="smtp-relay-by-trick",
    severity=Severity.ERROR,
    message="a stranger's mail from {envelope} is accepted, which looks like a way to relay: {got!r}",
    expected="a refusal at RCPT",
    fix="deploy the generated main.cf: smtpd_relay_restrictions, allow_percent_hack, swap_bangpath",
    ref="RFC 2505 §2.1, RFC 5321 §3.6.1, appendix F.2",
)
POSTMASTER = Rule(
    code="SMT011",
    name="smtp-postmaster-refused",
    severity=Severity.ERROR,
    message="mail to {address} is refused: {got!r}",
    expected="250 at RCPT",
    fix="give the domain an alias postmaster, and deploy the generated tables",
    ref="RFC 5321 §4.5.1",
)
ABUSE = Rule(
    code="SMT012",
    name="smtp-abuse-refused",
    severity=Severity.WARNING,
    message="mail to {address} is refused: {got!r}",
    expected="250 at RCPT",
    fix="deploy the generated tables; complaints go to this address",
    ref="RFC 2142 §2",
)
NOBODY_ACCEPTED = Rule(
    code="SMT013",
    name="smtp-unknown-recipient-accepted",
    severity=Severity.WARNING,
    message="mail to {address}, who does not exist, is accepted: {got!r}; it will bounce to others",
    expected="550 5.1.1 at RCPT",
    fix="deploy the generated main.cf and tables: reject_unverified_recipient, virtual_mailbox_maps",
    ref="RFC 5321 §3.3, §6.1",
)
VRFY_LEAKS = Rule(
    code="SMT014",
    name="smtp-vrfy-tells",
    severity=Severity.WARNING,
    message="VRFY tells who exists: {got!r} for postmaster, {other!r} for nobody",
    expected="the same reply for both",
    fix="deploy the generated main.cf: disable_vrfy_command = yes",
    ref="RFC 5321 §3.5.3, §7.3",
)
EXPN_LEAKS = Rule(
    code="SMT015",
    name="smtp-expn-tells",
    severity=Severity.WARNING,
    message="EXPN tells who is behind postmaster: {got!r}",
    expected="a refusal",
    fix="refuse EXPN; Postfix does",
    ref="RFC 5321 §3.5.2, §7.3",
)
MAIL_IN_CLEAR = Rule(
    code="SMT016",
    name="smtp-submission-in-clear",
    severity=Severity.ERROR,
    message="submission takes mail before TLS: {got!r}",
    expected="530 5.7.0",
    fix="deploy the generated master.cf: smtpd_tls_security_level=encrypt",
    ref="RFC 8314 §3.3, RFC 3207 §4",
)
PATIENCE_SECONDS = 10.0
LATE = Rule(
    code="SMT018",
    name="smtp-greeting-late",
    severity=Severity.WARNING,
    message="the greeting took {got}",
    expected="10 s at most",
    fix="see whether the host's own resolver answers: names of clients are looked up first; postscreen_greet_wait",
    ref="RFC 5321 §4.5.3.2.1",
)
