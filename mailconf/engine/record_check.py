"""The check that every record is published: free for whatever a plugin declares."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import partial
from typing import Protocol, runtime_checkable

from mailconf.engine.compare import compare, is_spelled_alike, record_sets
from mailconf.engine.evidence import EvidenceRecorder
from mailconf.engine.run import Job, Tell
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.place import Places
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
from mailconf.model.record import Record, RecordSet
from mailconf.model.world import Inconclusive, World

RECORD_CHECK = "dns.record"
MISSING = Rule(
    code="DNS010",
    name="record-missing",
    severity=Severity.ERROR,
    found_by="verify",
    message="{type} record {want} is not published; found {got}",
    expected="{record}",
    fix="publish: {record}",
)
DIFFERS = Rule(
    code="DNS011",
    name="record-differs",
    severity=Severity.ERROR,
    found_by="verify",
    message="{type} is {got}; the spec declares {want}",
    expected="{record}",
    fix="publish: {record}",
)
QUOTED = Rule(
    code="DNS002",
    name="txt-quoted-twice",
    severity=Severity.ERROR,
    found_by="verify",
    message="TXT value {got} is published with literal quotes, which makes it invalid",
    expected="the value without quotes",
    fix="enter the value without quotes; the panel adds its own",
    ref="RFC 1035 §5.1",
)
BEHIND = Rule(
    code="DNS013",
    name="name-servers-out-of-sync",
    severity=Severity.WARNING,
    found_by="verify",
    message="{type} is correct at {right} but not at {wrong}",
    expected="the same {type} records at every authoritative server",
    fix="check the zone transfer: the serial number, NOTIFY, and the logs of the servers",
    ref="RFC 1034 §4.3.5, RFC 1996",
)
UNDECLARED = Rule(
    code="DNS012",
    name="record-undeclared",
    severity=Severity.ERROR,
    found_by="verify",
    message="{type} {got} is published but not declared in the spec",
    expected="only the {type} records that the spec declares",
    fix="remove the record, or declare it in the spec",
    ref="RFC 5321 §5.1, RFC 7208 §4.5, RFC 6376 §3.6.2.2, RFC 9989 §4.10",
)


@runtime_checkable
class Teller(Protocol):
    """A World that can be asked without being waited for."""

    def tell(self, name: str, rtype: str, hear: Callable[[Answer | Exception], None]) -> None:
        """Ask for a record set, and have the answer told, or why there is none."""
        ...


def record_jobs(records: Iterable[Record], world: World, places: Places) -> Iterator[Job]:
    """Yield a check for each record set; most of them are settled by the first answer."""
    teller = teller_of(world)
    return (record_job(wanted, world, teller, places) for wanted in record_sets(records))


def teller_of(world: World) -> Teller | None:
    """Return the world where it can be asked without being waited for."""
    return world if isinstance(world, Teller) else None


def record_job(wanted: RecordSet, world: World, teller: Teller | None, places: Places) -> Job:
    """Return the check of one record set."""
    witness = EvidenceRecorder(world, {})
    run = partial(records_are_published, wanted, witness)
    ahead = partial(_ahead, wanted, teller) if teller else None
    return Job(RECORD_CHECK, str(wanted), run, False, witness, places, ahead)


def _ahead(wanted: RecordSet, world: Teller, tell: Tell) -> None:
    """Settle what is published as it is spelled, which is most of it; all else needs the whole check."""
    begun = time.perf_counter()

    def hear(answer: Answer | Exception) -> None:
        if isinstance(answer, Answer) and is_spelled_alike(wanted, answer):
            seconds = time.perf_counter() - begun
            tell(Outcome(RECORD_CHECK, str(wanted), Verdict.PASSED, (), "", seconds))
        else:
            tell(None)

    world.tell(wanted.name, wanted.type, hear)


async def records_are_published(wanted: RecordSet, world: World) -> AsyncIterator[Finding]:
    """Ask for a record set and compare what it means, not how it is spelled."""
    answer = await world.ask(DnsQuery(wanted.name, wanted.type))
    if is_spelled_alike(wanted, answer) or await is_equal_address(wanted, answer, world):
        return
    found = compare(wanted, answer)
    if not found.is_clean:
        async for finding in _servers_behind(wanted, answer, world):
            yield finding
    for value in _quoted(wanted, answer):
        yield QUOTED.at(wanted.name, wanted.records[0].where, got=value)
    for record in found.missing:
        rule = DIFFERS if found.rivals else MISSING
        got = ", ".join(found.rivals or answer.values) or "no record"
        facts = {"type": record.type, "got": got, "want": record.value, "record": str(record)}
        yield rule.at(record.name, record.where, **facts)
    for value in found.rivals if not found.missing else ():
        where = wanted.records[0].where
        yield UNDECLARED.at(wanted.name, where, type=wanted.type, got=value)


async def _servers_behind(wanted: RecordSet, seen: Answer, world: World) -> AsyncIterator[Finding]:
    """Ask the zone's servers why the resolver sees something else.

    Raises Inconclusive when all of them have what is wanted: caches will follow.
    """
    try:
        told = await world.ask(AuthoritativeQuery(wanted.name, wanted.type))
    except Inconclusive:
        return  # What is seen is all that is known.
    answers = {server: one for server, one in told.items() if isinstance(one, Answer)}
    right = [server for server, one in answers.items() if compare(wanted, one).is_clean]
    if right and len(right) == len(answers):
        who = "every authoritative server has" if len(right) > 1 else f"{right[0]} has"
        raise Inconclusive(f"{who} it; resolvers may cache the old answer for another {seen.ttl} s")
    if right:
        wrong = ", ".join(server for server in answers if server not in right)
        facts = {"type": wanted.type, "right": ", ".join(right), "wrong": wrong}
        yield BEHIND.at(wanted.name, wanted.records[0].where, **facts)


def _quoted(wanted: RecordSet, answer: Answer) -> Iterator[str]:
    """Yield texts that are ours but for quotes, which a panel has put around them once too often."""
    if wanted.type != "TXT" or not any(value.startswith('"') for value in answer.values):
        return
    meant = {record.meaning for record in wanted.records}
    for value in answer.values:
        bare = value.removeprefix('"').removesuffix('"')
        if bare != value and wanted.meaning(bare) in meant:
            yield value


async def is_equal_address(wanted: RecordSet, answer: Answer, world: World) -> bool:
    """Accept addresses in place of a declared alias when they are those of its target."""
    if wanted.type != "CNAME" or answer.values:
        return False
    target = wanted.records[0].value
    found = [
        (set((await world.ask(DnsQuery(name, rtype))).values), rtype)
        for rtype in ("A", "AAAA")
        for name in (wanted.name, target)
    ]
    ours, theirs = found[0::2], found[1::2]
    return ours == theirs and any(values for values, _ in ours)
