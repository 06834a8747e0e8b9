"""The DNS tree walk: DMARC records from a domain up to its top-level domain (RFC 9989 §4.10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailconf.formats.dmarc import DmarcRecord, is_record, psd_of
from mailconf.formats.error import FormatError
from mailconf.formats.names import DomainNameError, a_labels, absolute, relative
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import Inconclusive, World

MOST_LABELS = 7
"""So many right-most labels are walked after the first question: eight questions at most."""


@dataclass(frozen=True, slots=True)
class Found:
    """The one record of a name; `record` is None when it asks for nothing (§4.10.1)."""

    domain: str
    record: DmarcRecord | None
    psd: str
    faults: tuple[FormatError, ...] = ()


@dataclass(frozen=True, slots=True)
class TreeWalk:
    """What was found from `start` upwards; `queried` are the names asked for, in order.

    `silence` says which question was not answered; the walk ended there, its end is not known.
    """

    start: str
    found: tuple[Found, ...] = ()
    queried: tuple[str, ...] = field(default=())
    silence: str = ""

    def at(self, domain: str) -> Found | None:
        """Return the record of a domain."""
        return next((found for found in self.found if found.domain == domain), None)

    @property
    def suffix(self) -> str:
        """The public suffix above the start, as its record says; empty when none does."""
        above = (f.domain for f in self.found if f.psd == "y" and f.domain != self.start)
        return next(above, "")

    @property
    def organizational_domain(self) -> str:
        """The domain of the organization (§4.10.2)."""
        own = next((found.domain for found in self.found if found.psd == "n"), "")
        if own:
            return own
        if self.suffix:
            labels = self.start.split(".")
            return ".".join(labels[-(self.suffix.count(".") + 2) :])
        # The walk goes up: the last record has the fewest labels.
        return self.found[-1].domain if self.found else self.start


def canonical(domain: str) -> str:
    """Return a domain as DNS has it: U-labels as A-labels (§5.3.1), small letters, no final dot."""
    try:
        return a_labels(domain)
    except DomainNameError:
        return relative(domain).lower()


async def walk(domain: str, world: World) -> TreeWalk:
    """Ask from a domain upwards until a record says where the organization ends (§4.10).

    Raises Inconclusive when DNS does not answer.
    """
    seen = await walk_as_far_as_known(domain, world)
    if seen.silence:
        raise Inconclusive(seen.silence)
    return seen


async def walk_as_far_as_known(domain: str, world: World) -> TreeWalk:
    """Walk until the end, or until DNS does not answer."""
    start = canonical(domain)
    found: list[Found] = []
    queried: list[str] = []
    for name in _targets(start):
        queried.append(f"_dmarc.{name}")
        try:
            texts = await records_at(f"_dmarc.{name}", world)
        except Inconclusive as why:
            return TreeWalk(start, tuple(found), tuple(queried), str(why))
        if len(texts) == 1:
            found.append(_read(name, texts[0]))
            if found[-1].psd in ("y", "n"):
                break
    return TreeWalk(start, tuple(found), tuple(queried))


def _targets(domain: str) -> Iterator[str]:
    """Yield the names to ask about: the domain, then its right-most labels, one less each time."""
    yield domain
    labels = domain.split(".")[1:][-MOST_LABELS:]
    for number in range(len(labels)):
        yield ".".join(labels[number:])


async def records_at(name: str, world: World) -> tuple[str, ...]:
    """Return the DMARC records of a name; other TXT records do not count."""
    return tuple(
        text
        for text in (await world.ask(DnsQuery(absolute(name), "TXT"))).values
        if is_record(text)
    )


def _read(name: str, text: str) -> Found:
    """Read a record as a receiver does; psd counts even where nothing else is asked for."""
    record, faults = DmarcRecord.parse_leniently(text)
    return Found(name, record, psd_of(text), faults)
