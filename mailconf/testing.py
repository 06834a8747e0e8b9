"""A world of dictionaries and short ways to a spec, for tests here and in third-party plugins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from mailconf.formats.names import is_under
from mailconf.model.domain import NAME
from mailconf.model.endpoint import Listener
from mailconf.model.finding import Finding
from mailconf.model.host import KEY
from mailconf.model.plugin import Scopes, View
from mailconf.model.spec import Spec
from mailconf.model.world import Answer, CannotTell, Page, Refused, Session

OptionsT = TypeVar("OptionsT", bound=BaseModel)
NOT_FOUND = Page(404, "text/html", "<h1>Not Found</h1>")


@dataclass(frozen=True, slots=True)
class FakeWorld:
    """Answers from dictionaries; what is in `silent` never answers, what is in `closed` refuses.

    `zones` maps (absolute name in small letters, type) to values; `sessions` maps str(listener) to facts.
    """

    zones: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    sessions: Mapping[str, Session] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    now: datetime = datetime(2026, 11, 24, tzinfo=UTC)

    async def dns(self, name: str, rtype: str) -> Answer:
        """Return the faked values."""
        self._answers(name)
        low = name.lower()
        values = self.zones.get((low, rtype), ())
        return Answer(tuple(sorted(values)), exists=any(is_under(k, low) for k, _ in self.zones))

    async def session(self, listener: Listener) -> Session:
        """Return the faked facts."""
        self._answers(str(listener))
        return self.sessions[str(listener)]

    async def page(self, url: str) -> Page:
        """Return the faked page."""
        self._answers(url)
        return self.pages.get(url, NOT_FOUND)

    def _answers(self, what: str) -> None:
        if what in self.silent:
            raise CannotTell(f"{what}: no answer in time")
        if what in self.closed:
            raise Refused(f"{what} refused the connection")


def spec_of(**changes: Any) -> Spec:
    """Return a spec of one host and one domain with two mailboxes; `changes` replace sections."""
    data: dict[str, Any] = {
        "version": 1,
        "hosts": {"mail": {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}},
        "domains": {"example.org": {"mailboxes": {"alice": {}, "bob": {}}}},
    } | changes
    for section, key in (("hosts", KEY), ("domains", NAME)):
        data[section] = {name: {**body, key: name} for name, body in data[section].items()}
    return Spec.model_validate(data)


def view_of(spec: Spec, options: OptionsT, **parts: Any) -> View[OptionsT]:
    """Return a view with the same options everywhere; `parts` are `settings` and `records`."""
    return View(spec, options, Scopes(options), **parts)


async def gathered(findings: AsyncIterator[Finding]) -> list[Finding]:
    """Return all findings of a check."""
    return [finding async for finding in findings]
