"""What DNS holds: as a resolver says, and as each server of the zone says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mailconf.model.question import Question, read, written
from mailconf.model.world import Inconclusive


@dataclass(frozen=True, slots=True)
class Answer:
    """What DNS holds at a name: values in presentation form, TXT joined and unquoted.

    `alias` is the absolute end of the CNAME chain, or empty. `secure` is true only when a validating resolver
    that we may trust says so. `ttl` is for how many seconds the answer, an empty one too, may still be kept
    (RFC 2308 §5)."""

    values: tuple[str, ...] = ()
    alias: str = ""
    exists: bool = True
    secure: bool = False
    ttl: int = 0


@dataclass(frozen=True, slots=True)
class DnsQuery(Question[Answer]):
    """What is published at absolute `name`, as a resolver says; no values when there is nothing."""

    name: str
    type: str
    kind: ClassVar[str] = "dns"
    answer_type: ClassVar[Any] = Answer

    def __str__(self) -> str:
        return f"{self.name} {self.type}"

    def evidence(self, answer: Answer) -> Iterable[str]:
        """Return a line for each value."""
        return _lines(str(self), answer)


Servers = Mapping[str, Answer | Inconclusive]
"""What each server says, or why it is silent, by its name."""


@dataclass(frozen=True, slots=True)
class AuthoritativeQuery(Question[Servers]):
    """What each server of the zone that holds `name` says; Inconclusive when they are not to be found out."""

    name: str
    type: str
    kind: ClassVar[str] = "answers"
    answer_type: ClassVar[Any] = list[tuple[str, Answer | None, str]]

    def __str__(self) -> str:
        return f"{self.name} {self.type}"

    def encode(self, answer: Servers) -> Any:
        """Return each server with its answer, or with the reason of its silence."""
        rows = [
            (server, None, str(one)) if isinstance(one, Inconclusive) else (server, one, "")
            for server, one in answer.items()
        ]
        return written(self.answer_type, rows)

    def decode(self, data: Any) -> Servers:
        """Return the answers by server."""
        rows = read(self.answer_type, data)
        return {server: one or Inconclusive(why) for server, one, why in rows}

    def evidence(self, answer: Servers) -> Iterable[str]:
        """Return the lines of each server."""
        for server, one in answer.items():
            what = f"{server} {self}"
            yield from [f"{what}: {one}"] if isinstance(one, Inconclusive) else _lines(what, one)


def _lines(what: str, answer: Answer) -> list[str]:
    alias = f" ({answer.alias})" if answer.alias else ""
    return [f"{what}{alias}: {value}" for value in answer.values or ("nothing",)]
