"""What a server must refuse while TLS begins, as rules."""

from mailconf.model.finding import Rule, Severity

COMMAND_INJECTION = Rule(
    code="TLS023",
    name="starttls-command-injection",
    severity=Severity.ERROR,
    found_by="verify",
    message="a command sent in plaintext with STARTTLS is executed after the TLS handshake: {got!r}",
    expected="no reply to the plaintext command",
    fix="update the server, or the proxy in front of it",
    ref="RFC 3207 §4.2, RFC 9051 §6.2.1, CVE-2011-0411, CVE-2021-33515",
)
OLD_ACCEPTED = Rule(
    code="TLS024",
    name="tls-old-version-accepted",
    severity=Severity.ERROR,
    found_by="verify",
    message="the server accepts {got} from a client that offers only TLS 1.0 and 1.1",
    expected="a failed handshake",
    fix="deploy the generated configuration: TLS 1.2 and newer",
    ref="RFC 8996, RFC 9325 §3.1.1",
)
OLD_ACCEPTED_ON_25 = Rule(
    code="TLS025",
    name="tls-old-version-accepted-on-25",
    severity=Severity.WARNING,
    found_by="verify",
    message="the server accepts {got} on port 25 from a client that offers only TLS 1.0 and 1.1",
    expected="a failed handshake",
    fix="deploy the generated main.cf: smtpd_tls_protocols = >=TLSv1.2",
    ref="RFC 8996, RFC 7435 §3",
)
CERTIFICATES_DIFFER = Rule(
    code="TLS026",
    name="certificates-differ",
    severity=Severity.WARNING,
    found_by="verify",
    message="ports of {host} present different certificates: {shown}",
    expected="one certificate on all ports of the host",
    fix="reload the daemon that still shows the old one",
    ref="RFC 7671 §8.1",
)
WEAK_CIPHER = Rule(
    code="TLS009",
    name="tls-cipher-weak",
    severity=Severity.WARNING,
    found_by="verify",
    message="the server accepts the weak cipher {got}",
    expected="a failed handshake",
    fix="deploy the generated configuration: tls_medium_cipherlist, ssl_cipher_list",
    ref="RFC 9325 §4.2, Mozilla Server Side TLS 6.0",
)
NOT_SERVED = Rule(
    code="TLS028",
    name="acme-challenge-not-served",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} at {address} is {got}; the certificate of {host} cannot be renewed over HTTP-01",
    expected="HTTP status 200 with {host}",
    fix="deploy the web server's files, open port 80, check where the name resolves to",
    ref="RFC 8555 §8.3",
)
NOT_READY = Rule(
    code="TLS029",
    name="acme-port-unavailable",
    severity=Severity.WARNING,
    found_by="verify",
    message="port 80 of {host} at {address} {got}; certbot listens there to renew the certificate",
    expected="a port that is open in every packet filter and has no listener",
    fix="open port 80 in the provider's packet filter and stop what listens there, or set tls_certificates.challenge",
    ref="RFC 8555 §8.3",
)
