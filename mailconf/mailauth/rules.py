"""What may be wrong with a message, as rules."""

from mailconf.model.finding import Rule, Severity

SPF_FAILS = Rule(
    code="MSG001",
    name="message-spf-fails",
    severity=Severity.WARNING,
    found_by="inspect",
    message="SPF {result} for {domain}: {ip} is not authorized by {term}",
    fix="if the host is legitimate, add it to the SPF record of {domain}; forwarders need SRS",
    ref="RFC 7208 §2.6",
)
SPF_BROKEN = Rule(
    code="MSG002",
    name="message-spf-broken",
    severity=Severity.ERROR,
    found_by="inspect",
    message="the SPF record for {domain} cannot be evaluated: {why}",
    fix="correct the record",
    ref="RFC 7208 §2.6.7",
)
SPF_SILENT = Rule(
    code="MSG003",
    name="message-spf-no-result",
    severity=Severity.NOTICE,
    found_by="inspect",
    message="SPF {result} for {domain}: the record makes no statement about {ip}",
    fix="publish an SPF record that lists the senders of {domain} and ends with ~all",
    ref="RFC 7208 §2.6",
)
DKIM_FAILS = Rule(
    code="MSG010",
    name="message-dkim-fails",
    severity=Severity.WARNING,
    found_by="inspect",
    message="the DKIM signature of {domain} (selector {selector}) fails: {why}",
    fix="find out what modifies the message after signing: a mailing list, a gateway, a virus scanner",
    ref="RFC 6376 §6.1.3",
)
DKIM_UNUSABLE = Rule(
    code="MSG011",
    name="message-dkim-unusable",
    severity=Severity.WARNING,
    found_by="inspect",
    message="the DKIM signature of {domain} (selector {selector}) cannot be verified: {why}",
    fix="correct the key record, or what signs",
    ref="RFC 6376 §6.1.2, RFC 8301 §3",
)
UNSIGNED = Rule(
    code="MSG012",
    name="message-unsigned",
    severity=Severity.NOTICE,
    found_by="inspect",
    message="the message has no DKIM signature",
    fix="sign with DKIM on the sending host",
    ref="RFC 9989 §7.4",
)
DMARC_FAILS = Rule(
    code="MSG020",
    name="message-dmarc-fails",
    severity=Severity.ERROR,
    found_by="inspect",
    message="DMARC fails for {domain}; its policy requests {disposition}: {why}",
    fix="let SPF or DKIM pass for {domain}, or for a domain of the same organization",
    ref="RFC 9989 §5.3",
)
NO_POLICY = Rule(
    code="MSG021",
    name="message-without-policy",
    severity=Severity.NOTICE,
    found_by="inspect",
    message="{domain} publishes no DMARC policy; anyone can send mail in its name",
    fix="publish one at _dmarc.{domain}",
    ref="RFC 9989 §4.10",
)
AUTHORS = Rule(
    code="MSG022",
    name="message-authors",
    severity=Severity.ERROR,
    found_by="inspect",
    message="the From field contains {domains}; expected one domain",
    fix="send with a single author address; many receivers reject anything else",
    ref="RFC 5322 §3.6.2, RFC 9989 §5",
)
ARC_BROKEN = Rule(
    code="MSG023",
    name="message-arc-broken",
    severity=Severity.NOTICE,
    found_by="inspect",
    message="the ARC chain is invalid: {why}",
    fix="every intermediary that modifies a sealed message must add its own ARC set",
    ref="RFC 8617 §5.2",
)
OLDER = Rule(
    code="MSG024",
    name="message-rfc7489-differs",
    severity=Severity.NOTICE,
    found_by="inspect",
    message="receivers that implement RFC 7489 evaluate the message differently: {told}",
    fix="publish a DMARC record at the author domain itself, without pct",
    ref="RFC 9989 appendix C",
)
DIFFERS = Rule(
    code="MSG030",
    name="message-results-differ",
    severity=Severity.NOTICE,
    found_by="inspect",
    message="{host} reported {method}={theirs}; mailconf finds {ours}",
    fix="compare where and when each was evaluated: records change, and only the last host saw the message unmodified",
    ref="RFC 8601 §2.2",
)
