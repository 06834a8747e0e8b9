"""A DNS server over real sockets that answers from records, as a zone's own server or as a cache."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from mailconf.model.record import Record
from tests.servers.dns import Answering, name_server

SOA = "{apex} 3600 IN SOA ns.{apex} host.{apex} 1 7200 3600 1209600 300"


def holding(
    records: Iterable[Record], apexes: Iterable[str], *servers: str, authoritative: bool = True
) -> Answering:
    """Return a responder for some zones, whose NS records name `servers`."""
    lines = [str(record) for record in records]
    lines += [f"{apex} 3600 IN NS {server}" for apex in apexes for server in servers]
    sets = [line.split(" ", 4) for line in lines]
    names = {dns.name.from_text(name) for name, *_ in sets}

    def respond(query: dns.message.Message) -> dns.message.Message:
        (question,) = query.question
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA if authoritative else dns.flags.RA
        for name, ttl, rdclass, rtype, rdata in sets:
            same = dns.name.from_text(name) == question.name
            if same and rtype in (dns.rdatatype.to_text(question.rdtype), "CNAME"):
                response.answer.append(dns.rrset.from_text(name, int(ttl), rdclass, rtype, rdata))
        apex = next((a for a in apexes if question.name.is_subdomain(dns.name.from_text(a))), "")
        if not response.answer and apex:
            name, ttl, rdclass, rtype, rdata = SOA.format(apex=apex).split(" ", 4)
            soa = dns.rrset.from_text(name, int(ttl), rdclass, rtype, rdata)
            response.authority.append(soa)
        if not any(name.is_subdomain(question.name) for name in names):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response

    return respond


@asynccontextmanager
async def serving(
    records: Iterable[Record], *apexes: str, servers: Iterable[str] = (), authoritative: bool = True
) -> AsyncIterator[tuple[str, int]]:
    """Serve records over UDP and TCP until the block ends; yields where."""
    respond = holding(tuple(records), apexes, *servers, authoritative=authoritative)
    async with name_server(respond, tcp=respond) as address:
        yield address
