"""What an IMAP or POP3 server of ours must and must not do, as rules."""

from mailconf.model.finding import Rule, Severity

CLOSED = Rule(
    code="IMP001",
    name="mail-access-port-closed",
    severity=Severity.ERROR,
    message="the connection was refused: {why}",
    expected="a connection",
    fix="start Dovecot, or open the port in the firewall",
    ref="RFC 8314 §3",
)
GREETING = Rule(
    code="IMP002",
    name="mail-access-greeting",
    severity=Severity.ERROR,
    message="the greeting is {got!r}, wanted {want}",
    expected="{want}",
    fix="look for a proxy that greets in the server's place; PREAUTH must never be seen here",
    ref="RFC 9051 §7.1, RFC 1939 §3",
)
NO_STARTTLS = Rule(
    code="IMP003",
    name="mail-access-starttls-missing",
    severity=Severity.ERROR,
    message="{command} is {got}",
    expected="{command} offered and accepted",
    fix="deploy the generated dovecot.conf: ssl = required",
    ref="RFC 9051 §6.2.1, RFC 2595 §4",
)
INJECTION = Rule(
    code="IMP004",
    name="mail-access-starttls-injection",
    severity=Severity.ERROR,
    message="text sent in clear before TLS is taken as said inside it: {got!r}",
    expected="nothing between the reply and the handshake",
    fix="update the server, or the proxy in front of it",
    ref="RFC 9051 §11.1, CVE-2021-33515",
)
LOGIN_IN_CLEAR = Rule(
    code="IMP005",
    name="mail-access-login-before-tls",
    severity=Severity.ERROR,
    message="a login is {got} before TLS",
    expected="a login neither offered nor accepted",
    fix="deploy the generated dovecot.conf: disable_plaintext_auth, ssl = required",
    ref="RFC 9051 §6.2.3, RFC 8314 §4.1",
)
CAPABILITY = Rule(
    code="IMP006",
    name="mail-access-capability-missing",
    severity=Severity.WARNING,
    message="{missing} not offered, wanted {want}",
    expected="{want}",
    fix="deploy the generated dovecot.conf; a proxy may be hiding the capability",
    ref="RFC 9051 §6.1.1, RFC 2449 §5",
)
NO_AUTH = Rule(
    code="IMP007",
    name="mail-access-auth-missing",
    severity=Severity.ERROR,
    message="no login with a password is offered over TLS, found {got}",
    expected="PLAIN over TLS",
    fix="deploy the generated dovecot.conf: auth_mechanisms",
    ref="RFC 9051 §6.2.2, RFC 2449 §6.3",
)
PATIENCE_SECONDS = 10.0
LATE = Rule(
    code="IMP008",
    name="access-greeting-late",
    severity=Severity.WARNING,
    message="the greeting took {got}",
    expected="10 s at most",
    fix="see whether the host's own resolver and the directory of users answer",
)
