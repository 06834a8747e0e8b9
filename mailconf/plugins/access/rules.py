"""What an IMAP or POP3 server of ours must and must not do, as rules."""

from mailconf.model.finding import Rule, Severity

CLOSED = Rule(
    code="IMP001",
    name="mail-access-port-closed",
    severity=Severity.ERROR,
    found_by="verify",
    message="cannot connect: {why}",
    expected="a connection",
    fix="start Dovecot, or open the port in the firewall",
    ref="RFC 8314 §3",
)
GREETING = Rule(
    code="IMP002",
    name="mail-access-greeting",
    severity=Severity.ERROR,
    found_by="verify",
    message="the greeting is {got!r}; expected {want}",
    expected="{want}",
    fix="check for a proxy that sends its own greeting; the server must not send PREAUTH here",
    ref="RFC 9051 §7.1, RFC 1939 §3",
)
NO_STARTTLS = Rule(
    code="IMP003",
    name="mail-access-starttls-missing",
    severity=Severity.ERROR,
    found_by="verify",
    message="{command} is {got}",
    expected="{command} offered and accepted",
    fix="deploy the generated dovecot.conf: ssl = required",
    ref="RFC 9051 §6.2.1, RFC 2595 §4",
)
INJECTION = Rule(
    code="IMP004",
    name="mail-access-starttls-response-injection",
    severity=Severity.ERROR,
    found_by="verify",
    message="the server sends plaintext after its STARTTLS reply and before the TLS handshake: {got!r}",
    expected="nothing between the reply and the handshake",
    fix="update the server, or the proxy in front of it",
    ref="RFC 9051 §11.1, CVE-2021-33515",
)
LOGIN_IN_CLEAR = Rule(
    code="IMP005",
    name="mail-access-login-before-tls",
    severity=Severity.ERROR,
    found_by="verify",
    message="a login is {got} before TLS",
    expected="no login offered or accepted before TLS",
    fix="deploy the generated dovecot.conf: disable_plaintext_auth, ssl = required",
    ref="RFC 9051 §6.2.3, RFC 8314 §4.1",
)
CAPABILITY = Rule(
    code="IMP006",
    name="mail-access-capability-missing",
    severity=Severity.WARNING,
    found_by="verify",
    message="missing capabilities: {missing}; expected {want}",
    expected="{want}",
    fix="deploy the generated dovecot.conf; a proxy may be hiding the capability",
    ref="RFC 9051 §6.1.1, RFC 2449 §5",
)
NO_AUTH = Rule(
    code="IMP007",
    name="mail-access-auth-missing",
    severity=Severity.ERROR,
    found_by="verify",
    message="the PLAIN mechanism is not offered over TLS; found {got}",
    expected="PLAIN over TLS",
    fix="deploy the generated dovecot.conf: auth_mechanisms",
    ref="RFC 9051 §6.2.2, RFC 2449 §6.3",
)
PATIENCE_SECONDS = 10.0
LATE = Rule(
    code="IMP008",
    name="mail-access-greeting-slow",
    severity=Severity.WARNING,
    found_by="verify",
    message="the greeting took {got}; the limit is 10 s",
    expected="10 s at most",
    fix="check that the host's resolver and its user directory respond",
)
