"""The openspf suite (RFC 7208): its zones as a World, its tests as cases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mailconf.model.questions.dns import Answer
from mailconf.model.world import Inconclusive
from tests.conformance import documents
from tests.servers.mute import MuteWorld

Zone = dict[str, list[Any]]


@dataclass
class ZoneWorld(MuteWorld):
    """Answers from the zone data of one part of the suite."""

    zone: Zone
    now: datetime = datetime(2026, 11, 25, tzinfo=UTC)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def dns(self, name: str, rtype: str) -> Answer:
        self.asked.append((name, rtype))
        assert name.endswith(".")
        assert not name.endswith(".."), name
        wanted, alias = name.removesuffix(".").lower(), ""
        for _ in range(10):
            entries = self.zone.get(wanted, [])
            target = next((e["CNAME"] for e in entries if isinstance(e, dict) and "CNAME" in e), "")
            if not target:
                break
            wanted = alias = str(target).lower()
        values = tuple(self._values(entries, rtype))
        if not values and "TIMEOUT" in entries:
            raise Inconclusive(f"{name} {rtype}: timed out")
        return Answer(values, alias=alias, exists=bool(entries))

    def _values(self, entries: list[Any], rtype: str) -> Iterator[str]:
        records = [e for e in entries if isinstance(e, dict)]
        # Without TXT records the SPF records stand for them; NONE says that there are none.
        has_txt = any("TXT" in record for record in records)
        kind = "SPF" if rtype == "TXT" and not has_txt else rtype
        for record in records:
            value = record.get(kind, "NONE")
            if value == "NONE":
                continue
            if isinstance(value, list) and kind in ("TXT", "SPF"):
                yield "".join(map(str, value))
            elif isinstance(value, list):
                yield f"{value[0]} {value[1]}."
            else:
                yield f"{value}." if kind == "PTR" else str(value)


@dataclass(frozen=True)
class Case:
    """A test of the suite; `results` are all that the RFC allows."""

    name: str
    zone: Zone
    ip: str
    mail_from: str
    helo: str
    results: tuple[str, ...]
    explanation: str | None


def cases() -> Iterator[Case]:
    for part in documents("spf/rfc7208-tests.yml"):
        zone = {str(name).lower(): entries for name, entries in part["zonedata"].items()}
        for name, test in part["tests"].items():
            result = test["result"]
            yield Case(
                name=f"{part['description']}: {name}",
                zone=zone,
                ip=str(test["host"]),
                mail_from=str(test["mailfrom"]),
                helo=str(test["helo"]),
                results=tuple(result) if isinstance(result, list) else (str(result),),
                explanation=test.get("explanation"),
            )
