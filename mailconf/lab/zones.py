"""The lab's DNS tree: root, top-level domains, the spec's zones and reverse zones, all signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import dns.dnssec
import dns.name
import dns.rdataset
import dns.rdatatype
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from dns.dnssectypes import DSDigest
from dns.rdtypes.ANY.DNSKEY import DNSKEY

from mailconf.formats.dmarc import DmarcRecord
from mailconf.formats.names import absolute, is_under, parent
from mailconf.formats.spf import SpfRecord, is_record
from mailconf.model.record import Record

LAB_ZONE = "mailconf-lab.example."
NAME_SERVER = f"ns.{LAB_ZONE}"
ALGORITHM = dns.dnssec.ECDSAP256SHA256
SIGNED_FOR = timedelta(days=30)
NOWHERE = "A 198.18.255.1"
"""The address of hosts that are only named: nobody is there."""
IP6_ARPA = "ip6.arpa."
NIBBLES_OF_64 = 16
HEAD = """$ORIGIN {apex}
$TTL 300
@ 300 IN SOA {server} hostmaster.{lab} {serial} 3600 600 86400 60
@ 300 IN NS {server}
"""


@dataclass(slots=True)
class Signing:
    """What outlives a publication: the keys of the zones by apex, and the last serial number."""

    keys: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)
    serial: int = 0

    def key(self, apex: str) -> ec.EllipticCurvePrivateKey:
        """Return the key of a zone, which is made when it is asked for first."""
        if apex not in self.keys:
            self.keys[apex] = ec.generate_private_key(ec.SECP256R1())
        return self.keys[apex]


class Tree:
    """Zone texts by absolute apex, completed to one tree below the root."""

    def __init__(self, name_server_addresses: tuple[str, str], signing: Signing) -> None:
        self._signing = signing
        self._texts: dict[str, list[str]] = defaultdict(list)
        for rtype, address in zip(("A", "AAAA"), name_server_addresses, strict=True):
            self.add(LAB_ZONE, f"{NAME_SERVER} 300 IN {rtype} {address}\n")

    def add(self, apex: str, records: str) -> None:
        """Add records in master-file form to a zone."""
        self._texts[apex].append(records)

    def add_reverse(self, records: Iterable[Record]) -> None:
        """Add PTR records, each to the reverse zone of its network."""
        for record in records:
            if record.type == "PTR":
                self.add(reverse_zone(record.name), f"{record}\n")

    def add_others(self, records: Iterable[Record]) -> None:
        """Play those whom our records name: SPF that names nobody, MX hosts, takers of reports."""
        own, told = tuple(self._texts), list(records)
        played = {*_included(told), *_asked_for_reports(told), *_mail_hosts(told)}
        for name, rdata in sorted(played):
            if not any(is_under(name, apex) for apex in own):
                apex = name.partition("._report._dmarc.")[2] or name
                self.add(apex, f"{name} 300 IN {rdata}\n")

    def apexes(self) -> list[str]:
        """Return all apexes, the deepest first, top-level domains and the root included."""
        tops = {apex.rstrip(".").rpartition(".")[2] + "." for apex in self._texts if apex != "."}
        return sorted(
            {*self._texts, *tops, "."}, key=lambda a: (a != ".", a.count(".")), reverse=True
        )

    def signed(self, insecure: Container[str] = ()) -> tuple[Mapping[str, str], str]:
        """Return the signed zones as texts by apex, and the trust anchor as a DNSKEY record.

        No chain of trust leads to the `insecure` ones.
        """
        self._signing.serial += 1
        apexes, zones, anchor = self.apexes(), {}, ""
        for apex in apexes:
            text, key = self._sign(apex)
            zones[apex] = text
            if apex == ".":
                anchor = f". 300 IN DNSKEY {key.to_text()}\n"
            else:
                above = next(a for a in _ancestors(apex) if a in apexes)
                digest = dns.dnssec.make_ds(dns.name.from_text(apex), key, DSDigest.SHA256)
                self.add(above, f"{apex} 300 IN NS {NAME_SERVER}\n")
                if apex not in insecure:
                    self.add(above, f"{apex} 300 IN DS {digest}\n")
        return zones, anchor

    def _sign(self, apex: str) -> tuple[str, DNSKEY]:
        """Sign with one key and NSEC: unbound throttles the hashes of NSEC3."""
        serial = self._signing.serial
        head = HEAD.format(apex=apex, server=NAME_SERVER, lab=LAB_ZONE, serial=serial)
        body = head + "".join(self._texts[apex])
        zone = dns.zone.from_text(body, origin=apex, relativize=False)
        private = self._signing.key(apex)
        key = dns.dnssec.make_dnskey(private.public_key(), ALGORITHM, flags=257)
        lifetime = int(SIGNED_FOR.total_seconds())
        with zone.writer() as transaction:
            dns.dnssec.sign_zone(
                zone, transaction, keys=[(private, key)], lifetime=lifetime, add_dnskey=True
            )
        return zone.to_text(relativize=False), key


def _included(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    texts = [record.value for record in records if record.type == "TXT"]
    for record in map(SpfRecord.parse, filter(is_record, texts)):
        for mechanism in record.mechanisms:
            if mechanism.name == "include":
                yield f"{mechanism.value}.", 'TXT "v=spf1 -all"'


def _asked_for_reports(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    for record in records:
        domain = record.name.removeprefix("_dmarc.")
        if domain != record.name and record.type == "TXT":
            for uri in DmarcRecord.parse(record.value).rua:
                other = uri.rpartition("@")[2]
                yield f"{domain}_report._dmarc.{other}.", 'TXT "v=DMARC1;"'
                yield f"{other}.", NOWHERE


def _mail_hosts(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    for record in records:
        if record.type == "MX" and not record.value.endswith(" ."):
            yield record.value.split()[-1], NOWHERE


def _ancestors(apex: str) -> list[str]:
    found = [parent(apex)]
    while found[-1] != ".":
        found.append(parent(found[-1]))
    return found


def reverse_zone(name: str) -> str:
    """Return the zone of a PTR record: the /24 of an IPv4 address, the /64 of an IPv6 one."""
    if is_under(name, IP6_ARPA):
        return name.split(".", NIBBLES_OF_64)[-1]
    return parent(name)


def apex_of(stem: str) -> str:
    """Return the absolute apex of a zone file's name."""
    return absolute(stem)
