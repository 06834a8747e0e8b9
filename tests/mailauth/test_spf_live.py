"""The openspf suite once more, over real sockets: nothing of it depends on how answers come."""

from collections.abc import Coroutine
from typing import Any

import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from mailconf.mailauth import spf
from mailconf.model.questions.dns import Answer, DnsQuery
from mailconf.model.world import Inconclusive
from mailconf.net.live import LiveWorld
from tests.mailauth.openspf import Case, ZoneWorld, cases
from tests.servers.dns import Answering, name_server

SECONDS = 0.15
"""How long a server that never answers is waited for."""


def serving(world: ZoneWorld) -> Answering:
    """Return a responder that says what a world says, and is silent where it cannot tell."""

    def respond(query: dns.message.Message) -> dns.message.Message | None:
        (question,) = query.question
        name = b".".join(question.name.labels).decode("latin-1")
        rtype = dns.rdatatype.to_text(question.rdtype)
        try:
            answer = at_once(world.ask(DnsQuery(name, rtype)))
        except Inconclusive:
            return None
        return response(query, answer, rtype)

    return respond


def response(query: dns.message.Message, answer: Answer, rtype: str) -> dns.message.Message:
    made, owner = dns.message.make_response(query), query.question[0].name
    if not answer.exists:
        made.set_rcode(dns.rcode.NXDOMAIN)
    if answer.alias:
        target = dns.name.from_text(f"{answer.alias.removesuffix('.')}.")
        made.answer.append(dns.rrset.from_text(owner, 60, "IN", "CNAME", target.to_text()))
        owner = target
    for value in answer.values:
        text = quoted(value) if rtype == "TXT" else value
        made.answer.append(dns.rrset.from_text(owner, 60, "IN", rtype, text))
    return made


def quoted(text: str) -> str:
    """Write a text as a master file does, in strings of 200 octets."""
    octets = text.encode("utf-8", "surrogateescape")
    parts = [octets[start : start + 200] for start in range(0, len(octets), 200)] or [b""]
    return " ".join('"' + "".join(f"\\{octet:03d}" for octet in part) + '"' for part in parts)


def at_once(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Return the result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        found: Answer = done.value
        return found
    raise AssertionError("it waits")


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: str(case.name))
async def test_the_suite_over_sockets(case: Case) -> None:
    respond = serving(ZoneWorld(case.zone))
    async with name_server(respond, tcp=respond) as (address, port):
        world = LiveWorld(resolver=f"{address}:{port}")
        world._dns.seconds = SECONDS
        found = await spf.check_host(case.ip, case.mail_from, case.helo, world)
    assert found.result in case.results, found.why
