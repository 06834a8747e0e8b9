"""What a plugin is: a name, its options, and up to seven facets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from mailconf.model.artifact import Render
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding
from mailconf.model.host import Host, JobName
from mailconf.model.lab import LabSupport
from mailconf.model.measure import Measure
from mailconf.model.record import NO_RECORDS, Record, Records
from mailconf.model.record_kind import RecordKind
from mailconf.model.request import NO_REQUESTS, PluginRequest, Requests
from mailconf.model.spec import Spec
from mailconf.model.step import Step
from mailconf.model.world import World

OptionsT = TypeVar("OptionsT", bound=BaseModel)
ItemT = TypeVar("ItemT")
API_VERSION = 1
"""The version of what plugins are written for: mailconf.api."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """One plugin's options at every level: for everything, per host key and per domain name."""

    everywhere: BaseModel
    hosts: dict[str, BaseModel] = field(default_factory=dict)
    domains: dict[str, BaseModel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View(Generic[OptionsT]):
    """All a facet may look at.

    `options` are those in force for the host or domain the facet was called with. `requests` are
    what other plugins request of the types that this one takes, `records` all records of the build
    (in `lint`, `files` and checks). `previous` are the records of an earlier build (in
    plan_checks, where one is known).
    """

    spec: Spec
    options: OptionsT
    scopes: Scopes
    requests: Requests = NO_REQUESTS
    records: Records = NO_RECORDS
    previous: Records = NO_RECORDS

    def __post_init__(self) -> None:
        """Take plain tuples as well: who builds a view in a test need not index anything."""
        for name, kind in (("requests", Requests), ("records", Records), ("previous", Records)):
            value = getattr(self, name)
            if not isinstance(value, kind):
                object.__setattr__(self, name, kind(value))

    def for_domain(self, domain: Domain) -> OptionsT:
        """Return the options in force for `domain`."""
        return self.scopes.domains.get(domain.name, self.scopes.everywhere)  # type: ignore[return-value]

    def for_host(self, host: Host) -> OptionsT:
        """Return the options in force for `host`."""
        return self.scopes.hosts.get(host.key, self.scopes.everywhere)  # type: ignore[return-value]

    def with_options(self, options: OptionsT) -> View[OptionsT]:
        """Return the same view with other options in force."""
        return replace(self, options=options)

    def requests_on(self, host: Host) -> Requests:
        """Return what others request on `host`."""
        return self.requests.on(host.key)


def _nothing(*_: Any) -> Iterable[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Facet(Generic[OptionsT, ItemT]):
    """What a plugin yields, cut by what it is about, so that the engine can loop and shard."""

    site: Callable[[View[OptionsT]], Iterable[ItemT]] = _nothing
    host: Callable[[View[OptionsT], Host], Iterable[ItemT]] = _nothing
    domain: Callable[[View[OptionsT], Domain], Iterable[ItemT]] = _nothing

    @property
    def asks_hosts(self) -> bool:
        """Tell whether any host may yield something."""
        return self.host is not _nothing

    @property
    def asks_domains(self) -> bool:
        """Tell whether any domain may yield something."""
        return self.domain is not _nothing


@dataclass(frozen=True, slots=True)
class Check(Generic[OptionsT]):
    """A live check: for each subject, questions to the world, judged against the spec.

    `subjects` is pure; `run` yields findings, and what it measured, and lets Inconclusive fly. One
    subject is one outcome.
    """

    id: str
    summary: str
    subjects: Callable[[View[OptionsT]], Iterable[Any]]
    run: Callable[[View[OptionsT], Any, World], AsyncIterator[Finding | Measure]]
    intrusive: bool = False
    """It logs in, sends mail or tries limits."""
    former: tuple[str, ...] = ()
    """Ids that it had, which --only and --skip accept."""


@dataclass(frozen=True, slots=True)
class Plugin(Generic[OptionsT]):
    """A vertical slice of mail infrastructure; absent facets yield nothing.

    `templates` is the directory of a third-party plugin's templates, which run in a sandbox;
    built-in ones lie in templates/<name>/.
    """

    name: str
    summary: str
    options: type[OptionsT]
    lint: Facet[OptionsT, Finding] = field(default_factory=Facet)
    requests: Facet[OptionsT, PluginRequest] = field(default_factory=Facet)
    records: Facet[OptionsT, Record] = field(default_factory=Facet)
    record_kinds: tuple[RecordKind, ...] = ()
    """What its records are for, where that is more than their type."""
    files: Facet[OptionsT, Render] = field(default_factory=Facet)
    checks: tuple[Check[OptionsT], ...] = ()
    plan_checks: tuple[Check[OptionsT], ...] = ()
    """What would break if the records were published now; their World answers as zones' servers do."""
    steps: Facet[OptionsT, Step] = field(default_factory=Facet)
    """What comes next in the life of keys and policies."""
    templates: Path | None = None
    takes: tuple[type[PluginRequest], ...] = ()
    """The types of requests that it carries out: no other ones reach it."""
    fills: tuple[JobName, ...] = ()
    """The jobs that it does."""
    filters: Mapping[str, Callable[[object], str]] = field(default_factory=dict)
    """How its templates quote for syntaxes of its own; raises UnrepresentableError (formats.quoting)."""
    lab: LabSupport = field(default_factory=LabSupport)
    """How the lab starts its daemons and reads their configuration back."""
    api: int = 1
    """The version of mailconf.api that it is written for."""
