"""The network services of master.cf, from the endpoints of a host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailconf.model.endpoint import Endpoint, Security


@dataclass(frozen=True, slots=True)
class Submission:
    """A service through which users send; `name` is what stands in master.cf and in the log."""

    service: str
    name: str
    is_implicit_tls: bool


@dataclass(frozen=True, slots=True)
class Services:
    """What listens on the network: `mx` is the service of port 25, or empty."""

    mx: str
    submissions: tuple[Submission, ...]


def services(points: tuple[Endpoint, ...]) -> Services:
    """Return the services of a host; a port that is not the usual one is written as a number."""
    mx = next((_service(point) for point in points if point.protocol.name == "smtp"), "")
    return Services(mx, tuple(_submissions(points)))


def _submissions(points: tuple[Endpoint, ...]) -> Iterator[Submission]:
    for point in points:
        if point.protocol.is_submission:
            implicit = point.security is Security.IMPLICIT_TLS
            yield Submission(_service(point), point.protocol.name, implicit)


def _service(point: Endpoint) -> str:
    usual = point.port == point.protocol.port
    return point.protocol.name if usual else str(point.port)
