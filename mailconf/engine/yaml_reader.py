"""One YAML file to plain data, from libyaml's events: YAML 1.2 scalars, no tags, no surprises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from mailconf.disk.folder import Folder
from mailconf.engine.confidential import kind_of
from mailconf.engine.texts import SpecFileError, text_below, text_of
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path, Place

MAX_DEPTH = 32
MAX_COPIED_NODES = 100_000
"""How many nodes aliases may stand for: ten aliases of ten aliases of … is an attack."""

# YAML 1.2.2 §10.3.2, the core schema: `no`, `on` and 12:30 are strings.
NULL = re.compile(r"null|Null|NULL|~|")
BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INT = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,18}|0x[0-9a-fA-F]{1,16}")
FLOAT = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,2})?")

# Escapes in quotes can write what the file itself must not hold. NUL is the mark of a secret in
# rendered text, and what turns the direction of writing hides what a reviewer reads (CVE-2021-42574).
# So does what is not seen at all (Unicode, Default_Ignorable_Code_Point), but for the joiners that
# Arabic, Indic scripts and emoji need (U+200C, U+200D, U+FE0F).
UNPRINTABLE = re.compile(
    "["
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0e\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)

SYNTAX = Rule(
    code="CFG003",
    name="yaml-syntax",
    severity=Severity.ERROR,
    message="{why}",
    fix="correct the YAML",
    bad="hosts: {mail: [}",
    good="hosts: {mail: {hostname: mail.example.org}}",
)
TAB = Rule(
    code="CFG004",
    name="tab-indentation",
    severity=Severity.ERROR,
    message="tab in the indentation; expected spaces",
    fix="indent with spaces; YAML does not allow tabs here",
    ref="YAML 1.2.2 §6.1",
)
DUPLICATE = Rule(
    code="CFG005",
    name="duplicate-key",
    severity=Severity.ERROR,
    message="duplicate key {key!r}; first used at {first}",
    fix="merge the two entries",
    ref="YAML 1.2.2 §3.2.1.3",
    bad="a: 1\na: 2",
    good="a: 2",
)
TOO_MUCH = Rule(
    code="CFG006",
    name="yaml-limit",
    severity=Severity.ERROR,
    message="{found} exceeds the limit: {limit}",
    fix="split the file with include:, or use fewer YAML aliases",
)
NOT_A_MAP = Rule(
    code="CFG007",
    name="spec-not-a-map",
    severity=Severity.ERROR,
    message="the file contains {found}; expected a map with version, hosts and domains",
    fix="start from one of the examples, or see `mailconf schema`",
)
TAGGED = Rule(
    code="CFG008",
    name="yaml-tag",
    severity=Severity.ERROR,
    message="{found!r} is a YAML tag or a complex key; expected a plain value",
    fix="remove it; a spec needs only maps, lists and scalars",
)

ODD_CHARACTER = Rule(
    code="CFG064",
    name="character-not-printable",
    severity=Severity.ERROR,
    message="the text has the character {found}; expected printable characters, tabs and line feeds",
    fix="remove the character",
    bad='dns: {zones: ["example\\0.org"]}',
    good="dns: {zones: [example.org]}",
)


def read_tree(file: File) -> tuple[dict[str, Any], dict[Path, Place]]:
    """Read the file that the operator names; raises SpecFileError at the first thing that makes it unusable."""
    return _tree(file, text_of(file))


def read_below(folder: Folder, path: str) -> tuple[dict[str, Any], dict[Path, Place]]:
    """Read a file below the spec's folder, following no links; raises SpecFileError likewise."""
    return _tree(folder.root / path, text_below(folder, path))


def _tree(file: File, text: str) -> tuple[dict[str, Any], dict[Path, Place]]:
    reader = _Reader(file, text)
    try:
        data = reader.tree()
    except yaml.MarkedYAMLError as why:
        raise SpecFileError(_syntax(file, text, why)) from None
    except yaml.YAMLError as why:
        raise SpecFileError(SYNTAX.at(file, why=why).placed(Place(str(file)))) from None
    if not isinstance(data, dict):
        found = NOT_A_MAP.at(file, found=kind_of(data))
        raise SpecFileError(found.placed(Place(str(file), 1, 1)))
    return data, reader.places


def _syntax(file: File, text: str, why: yaml.MarkedYAMLError) -> Finding:
    mark = why.problem_mark or why.context_mark
    place = Place(str(file), mark.line + 1, mark.column + 1) if mark else Place(str(file))
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return TAB.at(file).placed(place)
    reason = ", ".join(filter(None, (why.context, why.problem)))
    return SYNTAX.at(file, why=reason).placed(place)


class _Reader:
    """Builds one document; recursion is bounded by MAX_DEPTH."""

    def __init__(self, file: File, text: str) -> None:
        self.file = str(file)
        self.places: dict[Path, Place] = {}
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0
        self._copied = 0
        self._events: Iterator[Any] = yaml.parse(text, Loader=_loader())

    def tree(self) -> Any:
        """Return the only document of the file, or None when it is empty."""
        data = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fail(
                        TOO_MUCH, event, found="a second document", limit="one document per file"
                    )
            elif hasattr(event, "anchor"):
                data = self._node(event, ())
        return data

    def _node(self, event: Any, path: Path) -> Any:
        if len(path) > MAX_DEPTH:
            self._fail(TOO_MUCH, event, found=f"{len(path)} levels", limit=f"{MAX_DEPTH} levels")
        if isinstance(event, AliasEvent):
            return self._alias(event)
        self._is_untagged(event)
        before = self._nodes
        self._nodes += 1
        value = self._value(event, path)
        if event.anchor:
            self._anchors[event.anchor] = value, self._nodes - before
        return value

    def _value(self, event: Event, path: Path) -> Any:
        if isinstance(event, ScalarEvent):
            self._is_printable(event)
            return _scalar(event.value) if event.implicit[0] else event.value
        if isinstance(event, SequenceStartEvent):
            return self._list(path)
        if isinstance(event, MappingStartEvent):
            return self._map(path)
        raise AssertionError(f"unexpected event {event!r}")

    def _list(self, path: Path) -> list[Any]:
        items: list[Any] = []
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                break
            inner = (*path, len(items))
            self.places[inner] = self._place(event)
            items.append(self._node(event, inner))
        return items

    def _map(self, path: Path) -> dict[str, Any]:
        items: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                self._fail(TAGGED, event, found="complex key")
            self._is_untagged(event)
            self._is_printable(event)
            inner = (*path, event.value)
            if event.value in items:
                self._fail(DUPLICATE, event, key=event.value, first=self.places[inner])
            self.places[inner] = self._place(event)
            items[event.value] = self._node(next(self._events), inner)
        return items

    def _is_untagged(self, event: Any) -> None:
        if getattr(event, "tag", None):
            # A password that begins with `!` is a tag: only those of YAML itself are shown.
            is_yaml = event.tag.startswith("tag:yaml.org,2002:")
            self._fail(TAGGED, event, found=event.tag if is_yaml else "!…")

    def _is_printable(self, event: ScalarEvent) -> None:
        odd = UNPRINTABLE.search(event.value)
        if odd:
            self._fail(ODD_CHARACTER, event, found=f"U+{ord(odd[0]):04X}")

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            self._fail(SYNTAX, event, why="the alias has no anchor")
        value, weight = self._anchors[event.anchor]
        self._nodes += weight
        self._copied += weight
        if self._copied > MAX_COPIED_NODES:
            limit = f"{MAX_COPIED_NODES} nodes from YAML aliases"
            self._fail(
                TOO_MUCH, event, found=f"{self._copied} nodes from YAML aliases", limit=limit
            )
        return value

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _fail(self, rule: Rule, event: Event, **facts: Any) -> NoReturn:
        raise SpecFileError(rule.at(self.file, **facts).placed(self._place(event)))


def _loader() -> Any:
    """Return libyaml's parser when PyYAML was built with it: it is six times faster."""
    return getattr(yaml, "CLoader", yaml.Loader)


def _scalar(text: str) -> Any:
    if NULL.fullmatch(text):
        return None
    if text in BOOL:
        return BOOL[text]
    if INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if FLOAT.fullmatch(text):
        return float(text)
    return text
