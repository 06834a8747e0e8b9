"""main.cf and master.cf as values (postconf(5), master(5)): written by str(), read by parse()."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NAME = re.compile(r"[A-Za-z0-9_-]+")
COLUMNS = 8
BLANKS = " \t"


class PostfixSyntaxError(ValueError):
    """The text is no main.cf or master.cf; the message names the line."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One `name = value`; the value may refer to others as $name."""

    name: str
    value: str

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no parameter name")
        if re.search(r"[\x00-\x1f\x7f]", self.value) or self.value != self.value.strip(BLANKS):
            raise ValueError(f"{self.value!r} cannot stand in main.cf")

    def __str__(self) -> str:
        return f"{self.name} = {self.value}".rstrip()


@dataclass(frozen=True, slots=True)
class Section:
    """Parameters that belong together, and why they are as they are: lines of a comment."""

    why: tuple[str, ...]
    parameters: tuple[Parameter, ...]

    def __str__(self) -> str:
        comments = (f"# {line}".rstrip() for line in self.why)
        return "\n".join([*comments, *map(str, self.parameters)]) + "\n"


@dataclass(frozen=True, slots=True)
class MainCf:
    """A main.cf: sections in order, parted by empty lines."""

    sections: tuple[Section, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.sections))

    @property
    def values(self) -> dict[str, str]:
        """The value in force of every parameter: the last one counts (postconf(5))."""
        return {p.name: p.value for section in self.sections for p in section.parameters}

    @classmethod
    def parse(cls, text: str) -> MainCf:
        """Read a main.cf; raises PostfixSyntaxError."""
        sections: list[Section] = []
        why: list[str] = []
        parameters: list[Parameter] = []
        for number, line in (*_logical(text), (0, "")):
            if line.startswith("#"):
                why.append(line[1:].removeprefix(" "))
            elif line:
                parameters.append(_parameter(line, number))
            elif parameters:
                sections.append(Section(tuple(why), tuple(parameters)))
                why, parameters = [], []
        return cls(tuple(sections))


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Yield comments, logical lines, and an empty text where sections part.

    A line that starts with white space continues the last one, whatever stands between them.
    """
    items: list[tuple[int, str]] = []
    last = -1
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        stripped = line.strip(BLANKS)
        if stripped and not stripped.startswith("#"):
            if line[0] in BLANKS and last >= 0:
                start, so_far = items[last]
                items[last] = start, f"{so_far} {stripped}"
                continue
            last = len(items)
        items.append((number, stripped))
    yield from items


def _parameter(line: str, number: int) -> Parameter:
    name, equals, value = line.partition("=")
    try:
        if not equals:
            raise ValueError(f"found {line!r}; expected NAME = VALUE")
        return Parameter(name.strip(BLANKS), value.replace("\t", " ").strip(BLANKS))
    except ValueError as why:
        raise PostfixSyntaxError(f"line {number}: {why}") from None


@dataclass(frozen=True, slots=True)
class Daemon:
    """One service of master.cf; `settings` override main.cf for it alone.

    The columns are those of master(5): `-` is the built-in default. `arguments` are the words that
    follow the settings.
    """

    name: str
    type: str
    command: str
    private: str = "-"
    unprivileged: str = "-"
    chroot: str = "-"
    wakeup: str = "-"
    processes: str = "-"
    settings: tuple[Parameter, ...] = ()
    arguments: tuple[str, ...] = ()
    why: tuple[str, ...] = ()

    def __str__(self) -> str:
        columns = (self.name, self.type, self.private, self.unprivileged, self.chroot)
        head = " ".join(f"{c:<{w}}" for c, w in zip(columns, (11, 5, 7, 6, 6), strict=True))
        first = f"{head} {self.wakeup:<6} {self.processes:<7} {self.command}"
        comments = [f"# {line}".rstrip() for line in self.why]
        settings = [f"  {_override(parameter)}" for parameter in self.settings]
        arguments = [f"  {' '.join(self.arguments)}"] if self.arguments else []
        return "\n".join([*comments, first, *settings, *arguments]) + "\n"


def _override(parameter: Parameter) -> str:
    """Write one -o; the long form for values with blanks came with Postfix 3.0."""
    if re.search(r"[\s{}]", parameter.value) or not parameter.value:
        return f"-o {{ {parameter} }}" if parameter.value else f"-o {parameter.name}="
    return f"-o {parameter.name}={parameter.value}"


@dataclass(frozen=True, slots=True)
class MasterCf:
    """A master.cf: services in order."""

    daemons: tuple[Daemon, ...]

    def __str__(self) -> str:
        return "".join(_with_gap(daemon) for daemon in self.daemons)

    def service(self, name: str) -> Daemon | None:
        """Return the service of a name, or None."""
        return next((daemon for daemon in self.daemons if daemon.name == name), None)

    @classmethod
    def parse(cls, text: str) -> MasterCf:
        """Read a master.cf; raises PostfixSyntaxError."""
        daemons: list[Daemon] = []
        why: list[str] = []
        for number, line in _logical(text):
            if line.startswith("#"):
                why.append(line[1:].removeprefix(" "))
            elif line:
                daemons.append(_daemon(line, number, tuple(why)))
                why = []
        return cls(tuple(daemons))


def _with_gap(daemon: Daemon) -> str:
    return f"\n{daemon}" if daemon.why else str(daemon)


def _daemon(line: str, number: int, why: tuple[str, ...]) -> Daemon:
    columns = line.split(None, COLUMNS - 1)
    if len(columns) < COLUMNS:
        raise PostfixSyntaxError(f"line {number}: found {len(columns)} columns; expected {COLUMNS}")
    name, kind, private, unprivileged, chroot, wakeup, processes, rest = columns
    try:
        command, *words = _words(rest)
        settings, arguments = _settings(words)
    except ValueError as wrong:
        raise PostfixSyntaxError(f"line {number}: {wrong}") from None
    return Daemon(
        name, kind, command, private, unprivileged, chroot, wakeup, processes,
        settings, arguments, why,
    )  # fmt: skip


def _words(text: str) -> list[str]:
    """Cut at blanks, but not inside braces, which may be nested."""
    words, depth = [""], 0
    for char in text:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char in BLANKS and not depth:
            words.append("")
        else:
            words[-1] += char
    if depth:
        raise ValueError(f"found {text!r}; expected as many {{ as }}")
    return [word for word in words if word]


def _settings(words: list[str]) -> tuple[tuple[Parameter, ...], tuple[str, ...]]:
    """Take the options from the front; what follows the first other word is the command's own."""
    settings: list[Parameter] = []
    left = list(words)
    while left and left[0].startswith("-o"):
        text = left.pop(0)[2:] or (left.pop(0) if left else "")
        name, equals, value = _bare(text).partition("=")
        if not equals:
            raise ValueError(f"found -o {text!r}; expected -o NAME=VALUE")
        settings.append(Parameter(name.strip(BLANKS), value.replace("\t", " ").strip(BLANKS)))
    return tuple(settings), tuple(left)


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith("{") and text.endswith("}") else text
