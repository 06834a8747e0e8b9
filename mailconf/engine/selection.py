"""Which checks of which subjects are wanted: the patterns of --only and --skip."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from fnmatch import translate
from types import MappingProxyType
from typing import get_args

from mailconf.engine.renamed_checks import current
from mailconf.formats.names import upwards
from mailconf.model.endpoint import Family, ProtocolName

PROTOCOLS = frozenset((*get_args(ProtocolName), *get_args(Family)))
"""Words that name checks, and listeners in subjects as well."""


class Patterns:
    """Shell globs over a check's id, its family, or a word of its subject.

    A name in the subject matches that of a domain above it, too. The name of a check, one of
    `checks`, says nothing about subjects.
    """

    def __init__(
        self, patterns: Iterable[str], checks: Collection[str], former: Mapping[str, str]
    ) -> None:
        self._all = tuple(current(patterns, former))
        families = {check.partition(".")[0] for check in checks}
        names = {*checks, *families} - PROTOCOLS
        ours = [pattern for pattern in self._all if pattern not in names]
        self._check, self._subject = _compiled(self._all), _compiled(ours)
        self._above = frozenset(pattern for pattern in ours if "." in pattern)
        self.is_about_subjects = bool(ours)

    def __bool__(self) -> bool:
        return bool(self._all)

    def match_check(self, check: str) -> bool:
        """Tell whether a pattern takes every subject of a check."""
        return any(map(self._check.fullmatch, (check, check.partition(".")[0])))

    def match_subject(self, subject: str) -> bool:
        """Tell whether a pattern takes a subject, whatever the check."""
        words = [word.rstrip(".") for word in subject.replace("://", " ").split()]
        hosts = [word.partition(":")[0] for word in words]
        if any(map(self._subject.fullmatch, (subject, *words, *hosts))):
            return True
        return bool(self._above) and any(n in self._above for h in hosts for n in upwards(h))


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    # A pattern that nothing matches stands for none.
    return re.compile("|".join(map(translate, patterns)) or r"(?!)")


class Selection:
    """What is left by --only and --skip, of the checks with these ids; `former` has their old ones."""

    def __init__(
        self,
        only: Iterable[str],
        skip: Iterable[str],
        checks: Collection[str],
        former: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._only = Patterns(only, checks, former)
        self._skip = Patterns(skip, checks, former)

    def has(self, check: str) -> bool:
        """Tell whether any subject of a check may be wanted."""
        if self._skip.match_check(check):
            return False
        return self._takes_all(check) or self._only.is_about_subjects

    def takes(self, check: str, subject: str) -> bool:
        """Tell whether a subject of a check is wanted that `has` any."""
        is_wanted = self._takes_all(check) or self._only.match_subject(subject)
        return is_wanted and not self._skip.match_subject(subject)

    def takes_every(self, check: str) -> bool:
        """Tell whether all subjects of a check that `has` any are wanted, whatever they are called."""
        return self._takes_all(check) and not self._skip.is_about_subjects

    def _takes_all(self, check: str) -> bool:
        return not self._only or self._only.match_check(check)
