"""What is wrong with published SPF records."""

from mailconf.model.finding import Rule, Severity

GOOD = '@ TXT "v=spf1 ip4:192.0.2.25 ~all"'
NONE = Rule(
    code="SPF001",
    name="spf-missing",
    severity=Severity.ERROR,
    found_by="verify",
    message="{domain} has no SPF record",
    expected="one SPF record",
    fix="publish the record that mailconf renders",
    ref="RFC 7208 §3",
    bad='@ TXT "site-verification=1"',
    good=GOOD,
    language="zone",
)
SEVERAL = Rule(
    code="SPF002",
    name="spf-several-records",
    severity=Severity.ERROR,
    found_by="verify",
    message="{domain} has {count} SPF records, which receivers treat as permerror",
    expected="one SPF record",
    fix="merge them into one",
    ref="RFC 7208 §4.5",
    bad='@ TXT "v=spf1 a -all"\n@ TXT "v=spf1 mx -all"',
    good=GOOD,
    language="zone",
)
EVERYBODY = Rule(
    code="SPF008",
    name="spf-allows-everybody",
    severity=Severity.ERROR,
    found_by="verify",
    message="{term} authorizes every host on the Internet to send for {domain}",
    expected="~all or -all",
    fix="end in ~all",
    ref="RFC 7208 §5.1",
    bad='@ TXT "v=spf1 mx +all"',
    good=GOOD,
    language="zone",
)
NO_END = Rule(
    code="SPF009",
    name="spf-without-all",
    severity=Severity.WARNING,
    found_by="verify",
    message="the SPF record of {domain} makes no statement about other hosts",
    expected="~all or -all at the end",
    fix="end in ~all",
    ref="RFC 7208 §4.7, §8.2",
    bad='@ TXT "v=spf1 ip4:192.0.2.25"',
    good=GOOD,
    language="zone",
)
PTR = Rule(
    code="SPF012",
    name="spf-uses-ptr",
    severity=Severity.WARNING,
    found_by="verify",
    message="{term} needs reverse DNS lookups, which are slow and unreliable, and which many receivers skip",
    expected="no ptr",
    fix="name addresses instead",
    ref="RFC 7208 §5.5, §7.2",
    bad='@ TXT "v=spf1 ptr ~all"',
    good=GOOD,
    language="zone",
)
IDLE = Rule(
    code="SPF013",
    name="spf-terms-after-all",
    severity=Severity.WARNING,
    found_by="verify",
    message="terms after all are never evaluated: {terms}",
    expected="no terms after all",
    fix="remove the terms, or move them before all",
    ref="RFC 7208 §5.1, §6.1",
    bad='@ TXT "v=spf1 ~all ip4:192.0.2.25"',
    good=GOOD,
    language="zone",
)
SYNTAX = Rule(
    code="SPF014",
    name="spf-syntax",
    severity=Severity.ERROR,
    found_by="verify",
    message="the SPF record of {domain} has a syntax error (permerror): {why}",
    expected="a valid SPF record",
    fix="correct the term",
    ref="RFC 7208 §12",
    bad='@ TXT "v=spf1 ipv4:192.0.2.25 ~all"',
    good=GOOD,
    language="zone",
)
LARGE = Rule(
    code="SPF016",
    name="spf-large",
    severity=Severity.WARNING,
    found_by="verify",
    message="{what} is {octets} octets long, above the limit of {most}; some responses will be truncated",
    expected="{most} octets or fewer",
    fix="remove unused senders, and TXT records at the same name that are no longer needed",
    ref="RFC 7208 §3.4",
    bad='@ TXT "v=spf1 '
    + " ".join(f"ip4:192.0.2.{n}" for n in range(14))
    + ' " "'
    + " ".join(f"ip4:198.51.100.{n}" for n in range(14))
    + ' ~all"',
    good=GOOD,
    language="zone",
)
BROAD = Rule(
    code="SPF017",
    name="spf-network-broad",
    severity=Severity.WARNING,
    found_by="verify",
    message="{term} authorizes {why}",
    expected="only addresses of senders",
    fix="name the addresses that really send",
    ref="RFC 7208 §5.6",
    bad='@ TXT "v=spf1 ip4:192.0.0.0/8 ~all"',
    good=GOOD,
    language="zone",
)
NOT_ALLOWED = Rule(
    code="SPF018",
    name="spf-own-host-not-authorized",
    severity=Severity.ERROR,
    found_by="verify",
    message="{ip}, an address of this site's own host, is not authorized to send for {domain}: {result}",
    expected="pass",
    fix="publish the record that mailconf renders",
    ref="RFC 7208 §2.6",
    bad='@ TXT "v=spf1 ip4:198.51.100.1 ~all"',
    good=GOOD,
    language="zone",
)
SENDER_ID = Rule(
    code="SPF019",
    name="spf-sender-id",
    severity=Severity.NOTICE,
    found_by="verify",
    message="{domain} still publishes a Sender ID record: {text}",
    expected="no Sender ID record",
    fix="remove it; receivers no longer evaluate Sender ID",
    ref="RFC 7208 §3.1, RFC 6686",
    bad='@ TXT "v=spf1 ip4:192.0.2.25 ~all"\n@ TXT "spf2.0/pra mx -all"',
    good=GOOD,
    language="zone",
)
PARKED = Rule(
    code="SPF011",
    name="spf-parked-not-closed",
    severity=Severity.ERROR,
    found_by="verify",
    message="{domain} is a parked domain, but its SPF record is {text}",
    expected="v=spf1 -all",
    fix="publish: v=spf1 -all",
    ref="RFC 7208 §10.1.2",
    bad='parked TXT "v=spf1 mx -all"',
    good='parked TXT "v=spf1 -all"',
    language="zone",
)
