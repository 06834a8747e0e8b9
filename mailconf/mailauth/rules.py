"""What may be wrong with a message, as rules."""

from mailconf.model.finding import Rule, Severity

SPF_FAILS = Rule(
    code="MSG001",
    name="message-spf-fails",
    severity=Severity.WARNING,
    message="{ip} may not send for {domain}: {result} by {term}",
    fix="add the host to the SPF record of {domain} if it is one of its own; forwarders need SRS",
    ref="RFC 7208 §2.6",
)
SPF_BROKEN = Rule(
    code="MSG002",
    name="message-spf-broken",
    severity=Severity.ERROR,
    message="the SPF record for {domain} cannot be evaluated: {why}",
    fix="correct the record",
    ref="RFC 7208 §2.6.7",
)
SPF_SILENT = Rule(
    code="MSG003",
    name="message-spf-silent",
    severity=Severity.NOTICE,
    message="SPF says nothing about {ip} for {domain}: {result}",
    fix="publish who sends for {domain}, and end the record with ~all",
    ref="RFC 7208 §2.6",
)
DKIM_FAILS = Rule(
    code="MSG010",
    name="message-dkim-fails",
    severity=Severity.WARNING,
    message="the signature of {domain} with selector {selector} fails: {why}",
    fix="find out who changes the message after it was signed: a list, a gateway, a virus scanner",
    ref="RFC 6376 §6.1.3",
)
DKIM_UNUSABLE = Rule(
    code="MSG011",
    name="message-dkim-unusable",
    severity=Severity.WARNING,
    message="the signature of {domain} with selector {selector} cannot be used: {why}",
    fix="correct the key record, or what signs",
    ref="RFC 6376 §6.1.2, RFC 8301 §3",
)
UNSIGNED = Rule(
    code="MSG012",
    name="message-unsigned",
    severity=Severity.NOTICE,
    message="nobody has signed the message",
    fix="have the sending host sign with DKIM",
    ref="RFC 9989 §7.4",
)
DMARC_FAILS = Rule(
    code="MSG020",
    name="message-dmarc-fails",
    severity=Severity.ERROR,
    message="DMARC of {domain} fails, and its policy asks for {disposition}: {why}",
    fix="let SPF or DKIM pass for {domain}, or for a domain of the same organization",
    ref="RFC 9989 §5.3",
)
NO_POLICY = Rule(
    code="MSG021",
    name="message-without-policy",
    severity=Severity.NOTICE,
    message="{domain} publishes no DMARC policy: anybody may write in its name",
    fix="publish one at _dmarc.{domain}",
    ref="RFC 9989 §4.10",
)
AUTHORS = Rule(
    code="MSG022",
    name="message-authors",
    severity=Severity.ERROR,
    message="From names {domains}, wanted one domain",
    fix="send with one author's address; many receivers refuse anything else",
    ref="RFC 5322 §3.6.2, RFC 9989 §5",
)
ARC_BROKEN = Rule(
    code="MSG023",
    name="message-arc-broken",
    severity=Severity.NOTICE,
    message="the ARC chain does not hold: {why}",
    fix="whoever changes the message after it was sealed must seal it himself",
    ref="RFC 8617 §5.2",
)
OLDER = Rule(
    code="MSG024",
    name="message-judged-otherwise",
    severity=Severity.NOTICE,
    message="receivers of RFC 7489 judge otherwise: {told}",
    fix="publish an explicit record at the author's own domain, without pct",
    ref="RFC 9989 appendix C",
)
DIFFERS = Rule(
    code="MSG030",
    name="message-results-differ",
    severity=Severity.NOTICE,
    message="{host} found {method}={theirs}, here it is {ours}",
    fix="compare when and where: records change, and only the last host saw the message as it is",
    ref="RFC 8601 §2.2",
)
