"""What strangers must not get by being many, being silent or trying on, as rules."""

from mailconf.model.finding import Rule, Severity

PATIENT_SECONDS, SILENT_SECONDS = 5.0, 20.0
"""How long a client waits at most: where it gets the place of a silent one that the server closed
(Postfix under stress after 10 s), and on a machine that is merely busy."""
LOGIN_SECONDS, SLOWED_SECONDS = 6.0, 3.0
"""What a login takes at most, and what one of a guesser takes at least: Dovecot's penalty after two
rounds of guesses is 8 s, less the 2 s after which the last one was answered."""
KEPT_OUT = Rule(
    code="LAB040",
    name="silent-connections-block-others",
    severity=Severity.ERROR,
    found_by="lab",
    message="{count} silent connections from one address block other clients: {why}",
    expected="an answer within 20 s",
    fix="deploy the generated files: nftables.conf, smtpd processes in master.cf, login services",
    ref="RFC 5321 §4.5.3.2",
)
LOCAL_ACCEPTED = Rule(
    code="LAB041",
    name="recipient-of-no-mailbox-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="mail to {address} is accepted: {got}; it bounces to a sender that may be forged",
    fix="deploy the generated main.cf: local_transport, address_verify_sender, smtpd_command_filter",
    ref="RFC 5321 §6.2, BACKSCATTER_README",
)
DELAYED = Rule(
    code="LAB042",
    name="guesses-delay-other-clients",
    severity=Severity.ERROR,
    found_by="lab",
    message="after {count} wrong passwords from one address, a login from another is {got}",
    expected="a login within 6 s",
    fix="deploy the generated dovecot.conf of the mail store: service anvil, auth_failure_delay",
    ref="RFC 4954 §4",
)
NOT_SLOWED = Rule(
    code="LAB043",
    name="guesses-not-slowed",
    severity=Severity.ERROR,
    found_by="lab",
    message="after {count} wrong passwords the next try from the same address ends in {got}",
    expected="a delay of 3 s at least",
    fix="let Dovecot count: its service anvil has the listener anvil-auth-penalty",
    ref="Dovecot, authentication penalty",
)
REPORTED = Rule(
    code="LAB044",
    name="delivery-report-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="an external client can request a delivery report for {address} ({got}); it goes to a sender that may be forged",
    fix="deploy the generated main.cf: smtpd_discard_ehlo_keywords",
    ref="RFC 3461 §4.1",
)
