"""What must come true in a lab, as rules."""

from mailconf.model.finding import Rule, Severity

__all__ = ["NOT_AUTHENTIC", "NOT_DELIVERED", "NOT_READ", "NOT_SENT", "RELAYED", "SPOOFED", "Rule"]

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
    message="{host} does not say {method}=pass, it says: {got}",
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
