"""What attacks achieve when a protection is missing, as rules."""

from mailconf.model.finding import Rule, Severity

MALFORMED_FROM = Rule(
    code="LAB025",
    name="from-malformed-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="a message with {form} is accepted from outside although {domain} rejects such mail: {got}",
    fix="run the originators milter before all others: smtpd_milters in main.cf",
    ref="RFC 5322 §3.6, RFC 9989 §5",
)
FROM_OF_ANOTHER = Rule(
    code="LAB026",
    name="from-of-another-accepted",
    severity=Severity.ERROR,
    found_by="lab",
    message="{login} can send a message with {form} in the name of {victim}: {got}",
    fix="run the originators milter on every submission service: smtpd_milters in master.cf",
    ref="RFC 5322 §3.6.2, RFC 6409 §6.1",
)
PROGRAM_FROM = Rule(
    code="LAB027",
    name="program-sends-as-another",
    severity=Severity.ERROR,
    found_by="lab",
    message="the local account {account} of {host} can send with {form} {victim}",
    fix="set local_login_sender_maps, and run the originators milter: non_smtpd_milters in main.cf",
    ref="postconf(5) local_login_sender_maps",
)
PROGRAM_CONNECTS = Rule(
    code="LAB045",
    name="program-connects-past-the-mta",
    severity=Severity.ERROR,
    found_by="lab",
    message="the local account {account} of {host} can connect to {server}, as if it were the MTA",
    fix="deploy the generated nftables.conf: its chain output",
    ref="nft(8), meta skuid",
)
SERVICE_REACHED = Rule(
    code="LAB046",
    name="local-service-reachable",
    severity=Severity.ERROR,
    found_by="lab",
    message="the local account {account} of {host} can connect to {reached}, which signs or delivers mail from any author",
    fix="deploy the generated nftables.conf with its chain output, and dovecot.conf with the modes of its listeners",
    ref="nft(8), meta skuid",
)
SIEVE_FROM = Rule(
    code="LAB028",
    name="sieve-sends-as-another",
    severity=Severity.ERROR,
    found_by="lab",
    message="a Sieve script of {owner} can send a notice from {victim}",
    fix="set submission_host in dovecot.conf to the service that the originators milter checks",
    ref="RFC 5230 §4.5",
)
REPLAYED = Rule(
    code="LAB029",
    name="signature-survives-added-field",
    severity=Severity.ERROR,
    found_by="lab",
    message="a signed message of {domain} passes DKIM with {field} added",
    fix="sign the field once more than it occurs: OversignHeaders (OpenDKIM), sign_headers (rspamd)",
    ref="RFC 6376 §5.4, §8.15",
)
