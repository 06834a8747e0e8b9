"""Check so many domains as checkdmarc's own command does: with_check_domains.py ADDRESS ZONE COUNT."""

import sys

import checkdmarc


def main(address: str, zone: str, count: str) -> None:
    domains = [f"d{number}.{zone.rstrip('.')}" for number in range(int(count))]
    for found in checkdmarc.check_domains(domains, nameservers=[address]) if domains else ():
        if not (found["spf"]["valid"] and found["dmarc"]["valid"] and found["mx"]["hosts"]):
            sys.exit(f"{found['domain']}: {found}")


main(*sys.argv[1:])
