"""A stranger writes in the name of a domain that rejects forged mail, in forms that readers differ on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab.attacks import rules
from mailconf.lab.attacks.handing_in import Attempt, replies
from mailconf.lab.attacks.scene import Scene
from mailconf.lab.network import on_network_of
from mailconf.lab.peer import KEY as PEER_MACHINE
from mailconf.lab.peer import STRANGER, USER
from mailconf.lab.roundtrip import listeners
from mailconf.model.domain import Domain
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding
from mailconf.model.world import Inconclusive

REST = (
    "\r\nSubject: mailconf lab, a forged author\r\nDate: Sun, 29 Nov 2026 10:00:00 +0000\r\n\r\nx"
)


def jobs(scene: Scene) -> Iterator[Job]:
    """Yield a job for each listener of port 25, about the first domain with a mailbox."""
    domain = next((d for d in scene.ours.build.spec.hosted if d.mailboxes), None)
    for at in listeners(scene.ours, "smtp") if domain else ():
        if domain:
            attempt = partial(_forged, scene, at, domain)
            yield Job("attack.malformed-from", f"{at} as {domain.name}", attempt)


async def _forged(scene: Scene, at: EndpointAddress, domain: Domain) -> AsyncIterator[Finding]:
    victim = domain.address(next(iter(domain.mailboxes)))
    attempts = [Attempt(name, head.encode() + REST.encode()) for name, head in forms(victim)]
    say = partial(replies, scene, at, (STRANGER, victim), attempts)
    found = on_network_of(PEER_MACHINE, say)
    for form, reply in found.items():
        if reply.is_positive:
            facts = {"form": form, "domain": domain.name, "got": reply}
            yield rules.MALFORMED_FROM.at(at, at.endpoint.where, **facts)
    late = [form for form, reply in found.items() if reply.is_temporary]
    if late:
        raise Inconclusive(f"deferred, not refused: {', '.join(late)}")


def forms(victim: str, other: str = USER) -> Iterator[tuple[str, str]]:
    """Yield header fields by what is odd about them; some reader takes `victim` for the author."""
    yield "an open angle bracket", f"From: {victim} <"
    yield "two From fields", f"From: {other}\r\nFrom: {victim}"
    yield "two From fields, the other first", f"From: {victim}\r\nFrom: {other}"
    yield "an empty and a full From field", f"From:\r\nFrom: {victim}"
    yield "no From field", f"Sender: {victim}"
    yield "two authors", f"From: {victim}, {other}"
    yield "two authors, the other first", f"From: {other}, {victim}"
    yield "two bracketed authors", f"From: <{other}>, V <{victim}>"
    yield "an address before an address", f"From: {victim} <{other}>"
    yield "two angle addresses", f"From: <{victim}> <{other}>"
    yield "a route", f"From: <@{other.rpartition('@')[2]}:{victim}>"
    yield "a group", f"From: Friends: {victim}, {other};"
    yield "a group of one", f"From: G:{victim};"
    yield "an empty group before the author", f"From: a:;, {victim}"
    yield "two empty groups before the author", f'From: "a":;,b:;, {victim}'
    yield "two authors of one domain", f"From: {victim}, x{victim}"
    yield from _odd_words(victim, other)


def _odd_words(victim: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield the same with odd comments, quotes, brackets and spaces."""
    local, _, domain = victim.rpartition("@")
    yield "comments in comments", f"From: (()){victim}"
    yield "comments in comments of a name", f"From: V (a (b)) <{victim}>"
    yield "comments side by side", f"From: (a)(b){victim}"
    yield "a comment at the address", f"From: {victim}(a)"
    yield "a comment in the angle brackets", f"From: V <{victim}(a)>"
    yield "a space in the angle brackets", f"From: V <{victim} >"
    yield "a bracket in a comment", f"From: {victim} (<)"
    yield "another address in a comment", f"From: V <{victim}> ({other})"
    yield "a quoted local part", f'From: "{victim.replace("@", chr(34) + "@")} (a)'
    yield "a name of 3,000 octets", "From:" + f"\r\n {'V' * 58}" * 50 + f"\r\n <{victim}>"
    yield "a comment of 3,000 octets", "From:" + f"\r\n ({'V' * 56})" * 50 + f"\r\n {victim}"
    yield "an open bracket", f"From: [ <{victim}>"
    yield "a tag that does not end", f"From: [Support <{victim}>"
    yield "a bracket around a quote", f'From: ["]" "<{other}>" <{victim}>'
    yield "a backslash before a quote", f'From: \\","<{victim}>'
    yield "a backslash and quotes", f'From: \\"("x")""<{other}>"<{victim}>'
    yield "a backslash before the address", f'From: \\"("\\<{victim}>'
    yield "an address in quotes and a bracket", f'From: "{other}"] <{victim}>'
    yield "a quoted pair where lines are cut", f'From:{" " * 990}"a\\" <{victim}>, \\" " <{other}>'
    yield "a field name where lines are cut", f"From: {victim}\r\n{'X' * 998}: y"
    yield "an encoded address and brackets", f"From: =?utf-8?q?{local}=40{domain}?= [1] <{other}>"
    yield "an encoded local part", f"From: =?utf-8?q?{local}?=@{domain}"
    yield "an empty group", f"From: {victim}:;"
    yield "a comment that does not end", f"From: {other} ({victim}"
    yield "a quote that does not end", f'From: "{other} <{victim}>'
    yield "a space inside the address", f"From: {victim.replace('@', ' @ ')}"
    yield "a folded field name", f"From:\r\n {victim} <"
    yield "an address in a quoted local part", f'From: "{victim}"@{other.rpartition("@")[2]}'
    yield "a space before the colon", f"From: {other}\r\nFrom : {victim}"
    yield "a tab in the field name's place", f"From:\t{victim}\t<"
