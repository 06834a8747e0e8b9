"""Check so many domains with checkdmarc, its DNS part alone: with_checkdmarc.py ADDRESS ZONE COUNT.

MX, SPF, DMARC, MTA-STS and TLSRPT are all that it asks for; no policy is fetched, no TLS tried, and DNSSEC
is left out, for which it would wait for servers outside.
"""

import sys

import checkdmarc.smtp
import dns.resolver
from checkdmarc.dmarc import check_dmarc
from checkdmarc.mta_sts import query_mta_sts_record
from checkdmarc.smtp import check_mx
from checkdmarc.smtp_tls_reporting import check_smtp_tls_reporting
from checkdmarc.spf import check_spf


def main(address: str, zone: str, count: str) -> None:
    checkdmarc.smtp.check_dnssec = lambda *_args, **_options: False
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [address]
    for number in range(int(count)):
        domain = f"d{number}.{zone.rstrip('.')}"
        if not check_spf(domain, resolver=resolver)["valid"]:
            sys.exit(f"{domain}: SPF")
        if not check_dmarc(domain, resolver=resolver)["valid"]:
            sys.exit(f"{domain}: DMARC")
        if not check_mx(domain, check_mx_tls=False, resolver=resolver)["hosts"]:
            sys.exit(f"{domain}: MX")
        query_mta_sts_record(domain, resolver=resolver)
        check_smtp_tls_reporting(domain, resolver=resolver)


main(*sys.argv[1:])
