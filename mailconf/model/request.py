"""What one plugin needs of another on one host: a value whose type says what, and who may take it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, TypeVar

from mailconf.model.host import JobName


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRequest:
    """A request on one host; it reaches every enabled plugin that takes its type.

    A package may have types of its own. One that no plugin takes is a finding (CFG082).
    """

    job: ClassVar[JobName | None] = None
    """Whose work it is: where another program does that job, nobody has to take it."""
    unique: ClassVar[tuple[str, ...] | None] = None
    """The fields of which a host has one combination, in addition to `to`: two that differ in the
    other fields disagree (CFG030). None: several are taken, in their order."""
    is_optional: ClassVar[bool] = False
    """Nobody needs to take it."""

    host: str
    """The key of the host."""
    to: str = ""
    """The only plugin that may take it, where the spec has chosen one of several."""
    order: int = 0
    """Where it comes among several, the least first."""

    @property
    def subject(self) -> str:
        """What it is about, by which it is found: a domain, a URL; empty for the host itself."""
        return ""

    @property
    def what(self) -> str:
        """What is requested, for messages: its type, and what it is about."""
        return f"{type(self).__name__} {self.subject}".rstrip()


class Requested(NamedTuple):
    """A request, and the plugin that makes it."""

    request: PluginRequest
    source: str


R = TypeVar("R", bound=PluginRequest)


class Requests(tuple[Requested, ...]):
    """Requests in order; by host, type and subject each is found in one step."""

    def on(self, host: str) -> Requests:
        """Return the requests on one host, by its key."""
        return self._by_host.get(host, NO_REQUESTS)

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return the requests of a type, in order."""
        return tuple(requested.request for requested in self._by_type.get(kind, ()))  # type: ignore[misc]

    def about(self, kind: type[R], subject: str) -> tuple[R, ...]:
        """Return the requests of a type about one subject, in order."""
        found: Iterable[Any] = self._by_subject.get((kind, subject), ())
        return tuple(found)

    def sources(self, kind: type[R]) -> tuple[tuple[R, str], ...]:
        """Return the requests of a type, each with the plugin that makes it."""
        return tuple(self._by_type.get(kind, ()))  # type: ignore[arg-type]

    @cached_property
    def _by_host(self) -> dict[str, Requests]:
        found: dict[str, list[Requested]] = defaultdict(list)
        for requested in self:
            found[requested.request.host].append(requested)
        return {host: Requests(there) for host, there in found.items()}

    @cached_property
    def _by_type(self) -> dict[type, list[Requested]]:
        found: dict[type, list[Requested]] = defaultdict(list)
        for requested in self:
            found[type(requested.request)].append(requested)
        return dict(found)

    @cached_property
    def _by_subject(self) -> dict[tuple[type, str], list[PluginRequest]]:
        found: dict[tuple[type, str], list[PluginRequest]] = defaultdict(list)
        for request, _ in self:
            found[type(request), request.subject].append(request)
        return dict(found)


NO_REQUESTS = Requests()
