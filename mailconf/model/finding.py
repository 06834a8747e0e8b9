"""What mailconf has to say about a spec or about the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from string import Formatter
from typing import Any, Literal

from mailconf.model.place import Path, Place

Stage = Literal["lint", "plan", "verify", "lab", "keys", "inspect"]
"""The commands that find something; `lint` stands for all that only read the spec."""


class Severity(IntEnum):
    """How loudly a finding speaks; ordered, so `>=` is the exit-code test."""

    NOTICE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence that must hold, declared once and documented from here.

    `message`, `expected` and `fix` are format strings over the facts given to `at`; `expected` is what
    a live check would have to see. `bad` and `good` are snippets for the documentation, in `language`: a
    piece of spec, or of a rendered file.
    """

    code: str
    name: str
    severity: Severity
    message: str
    fix: str
    ref: str = ""
    bad: str = ""
    good: str = ""
    language: str = "yaml"
    expected: str = ""
    found_by: Stage = "lint"
    """What finds it: `lint` covers render, diff and every other command that builds the spec."""
    why: str = ""
    """What happens if it does not hold, in a sentence or two of documentation."""
    since: str = "0.1.0"
    """The version of mailconf, or of the plugin's package, that has had it first."""

    def at(self, subject: object, where: Path = (), **facts: object) -> Finding:
        """Report that the rule does not hold for `subject`, asked for at spec path `where`."""
        return Finding(self, str(subject), where, facts)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold, with the facts that show it."""

    rule: Rule
    subject: str
    where: Path
    facts: Mapping[str, object]
    place: Place | None = None

    @property
    def message(self) -> str:
        """The rule's sentence, filled with the facts."""
        return _fill(self.rule.message, self.facts)

    @property
    def expected(self) -> str:
        """What should have been seen, filled with the facts; empty for rules over a spec."""
        return _fill(self.rule.expected, self.facts)

    @property
    def observed(self) -> str:
        """What was seen instead: the fact `got`, or the whole sentence."""
        got = _fill("{got}", self.facts) if "got" in self.facts else ""
        return got or self.message

    @property
    def fault(self) -> str:
        """Why a sentence of the rule cannot be filled with the facts; empty where all can."""
        for part in ("message", "expected", "fix"):
            try:
                _filled(getattr(self.rule, part), self.facts)
            except KeyError as missing:
                return f"whose {part} needs the fact {missing}"
            except Exception as bug:
                return f"whose {part} cannot be filled: {type(bug).__name__}"
        return ""

    @property
    def fix(self) -> str:
        """What the operator can do about it."""
        return _fill(self.rule.fix, self.facts)

    def placed(self, place: Place) -> Finding:
        """Return the same finding with its place in the operator's files."""
        return replace(self, place=place)


def _fill(sentence: str, facts: Mapping[str, object]) -> str:
    """Fill in the facts; a sentence that cannot be filled stays as it is, and `fault` says why."""
    try:
        return _filled(sentence, facts)
    except Exception:
        return sentence


def _filled(sentence: str, facts: Mapping[str, object]) -> str:
    """Fill in the facts on one line: what a server said may hold line ends and control codes."""
    printable = {key: _one_line(str(value)) for key, value in facts.items()}
    return _Sentence().vformat(sentence, (), printable)


class _Sentence(Formatter):
    """Formats facts that are printable already: `!r` puts quotes around and escapes nothing twice."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return f"'{value}'" if conversion == "r" else value


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
