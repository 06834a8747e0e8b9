"""A configuration under review: its values, its host, and how a fault in it is reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailconf.formats.postfix import Daemon
from mailconf.formats.postfix_parameters import Numbers
from mailconf.model.endpoint import Network
from mailconf.model.finding import Finding, Rule
from mailconf.model.place import Path
from mailconf.model.target import Target
from mailconf.plugins.postfix.reviews import lists

REFERENCE = re.compile(r"\$[({]?(\w+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """The parameters of one file, or of one service in master.cf when `service` names it."""

    values: Mapping[str, str]
    target: Target
    addresses: frozenset[Network]
    domains: frozenset[str]
    references: frozenset[str]
    """Names that either file refers to as $name: those may be the operator's own."""
    where: Path
    subject: str
    service: Daemon | None = None
    written: Mapping[str, Path] = field(default_factory=dict)
    """Where the operator wrote those parameters that are his own."""

    def of(self, values: Mapping[str, str]) -> Reading:
        """Return the reading of these parameters, which may refer to others."""
        found = references(" ".join(values.values()))
        return replace(self, values=values, references=self.references | found)

    def is_own(self, name: str) -> bool:
        """Tell whether the operator wrote a parameter in main.cf, or the service sets it itself."""
        own = self.service.settings if self.service else ()
        return name in self.written or any(setting.name == name for setting in own)

    @property
    def version(self) -> Numbers:
        """The version of Postfix that will read this."""
        return self.target.version("postfix").numbers

    def words(self, name: str) -> list[str]:
        """Return a parameter's value as the words of a list; nothing when it is not set.

        References to other parameters of the file are replaced.
        """
        return lists.words(lists.resolved(self.values.get(name, ""), self.values))

    def found(self, rule: Rule, parameter: str = "", **facts: object) -> Finding:
        """Report a fault of this file or service, or of the parameter that has it.

        The parameter is what `name` says among the facts, unless it is given.
        """
        where = self.written.get(parameter or str(facts.get("name", "")), self.where)
        return rule.at(self.subject, where, **facts)


def references(text: str) -> frozenset[str]:
    """Return the names that a text refers to as $name."""
    return frozenset(REFERENCE.findall(text))


Review = Callable[[Reading], Iterator[Finding]]
