"""The one way out for text of others, in each format: from servers, DNS, files, the spec and plugins.

Nothing in it acts on a terminal, a CI server, a Markdown renderer or a parser. A text that went
through once is printable, and stays as it is when it goes through again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Lines that CI servers take for commands: GitHub, and Azure, TeamCity, old GitHub, anywhere in a line.
AT_BEGIN = re.compile(r"\s*:(?=:)")
ANYWHERE = re.compile(r"#(?=#\w*\[)")
# What Markdown takes for markup anywhere, and at the beginning of a block.
INLINE = re.compile(r"[\\`*_\[\]|~]")
BLOCK = re.compile(r"(?:[#+=-]|[0-9]{1,9}(?=[.)]))")
ENTITIES = (
    *(("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")),
    *(("://", "&#58;//"), ("www.", "www&#46;"), ("$", "&#36;")),
)
# GitHub and GitLab look for people and issues in the text that Markdown has made: no escape keeps them
# apart, so a space of no width does. Addresses of mail stay as they are.
REFERENCE = re.compile(r"(?<![\w.])@(?=[A-Za-z0-9])|[#!](?=[0-9])|\bGH-(?=[0-9])", re.IGNORECASE)
NO_WIDTH = "\u200b"
RUN = re.compile(r"`+")
SHORTEST_FENCE = 3


def one_line(text: str) -> str:
    """Return a text for a line of a terminal or a log: what is not printable is escaped.

    So are line ends, ESC and C1 sequences, directions of writing (CVE-2021-42574), lone surrogates, and
    the beginnings of commands to CI servers.
    """
    line = text if text.isprintable() else "".join(map(_printable, text))
    return _no_command(line)


def lines(text: str) -> str:
    """Return a text of several lines, each as `one_line` has it; tabs stay."""
    shown = (
        "\t".join("".join(map(_printable, cell)) for cell in line.split("\t"))
        for line in text.split("\n")
    )
    return "\n".join(map(_no_command, shown))


def _no_command(line: str) -> str:
    begin = AT_BEGIN.match(line)
    if begin:
        line = f"{line[: begin.end() - 1]}\\x3a{line[begin.end() :]}"
    return ANYWHERE.sub(r"\\x23", line)


def in_markdown(text: str) -> str:
    """Return a text for a line, a list item or a table cell of Markdown: no markup, HTML or link."""
    line = REFERENCE.sub(f"\\g<0>{NO_WIDTH}", one_line(text).strip())
    escaped = INLINE.sub(r"\\\g<0>", line)
    for sign, entity in ENTITIES:
        escaped = escaped.replace(sign, entity)
    escaped = escaped.replace(NO_WIDTH, "&#8203;")
    first = BLOCK.match(escaped)
    if not first:
        return escaped
    end = first.end()
    return f"{escaped[:end]}\\{escaped[end:]}" if escaped[0].isdigit() else f"\\{escaped}"


def code_in_markdown(text: str) -> str:
    """Return a text as a code span, whose marks are longer than any run of them inside."""
    line = one_line(text)
    mark = "`" * (_longest_run((line,)) + 1)
    pad = " " if line[:1] in ("`", " ", "") or line[-1:] in ("`", " ") else ""
    return f"{mark}{pad}{line}{pad}{mark}"


def fenced_in_markdown(rows: list[str], language: str) -> list[str]:
    """Return lines as a code block, whose fence is longer than any run of its sign inside."""
    shown = [one_line(row) for row in rows]
    fence = "`" * max(SHORTEST_FENCE, _longest_run(shown) + 1)
    return [f"{fence}{language}", *shown, fence]


def in_xml(text: str) -> str:
    """Return a text that XML 1.0 can hold and gives back as it is: lines stay, the rest is escaped."""
    return "\n".join(one_line(line) for line in text.split("\n"))


def in_json(text: str) -> str:
    """Return a JSON document in which nothing is but printable characters and its line ends."""
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(char if char.isprintable() else _in_utf16(char) for char in line)


def _printable(char: str) -> str:
    return char if char.isprintable() else repr(char)[1:-1]


def _in_utf16(char: str) -> str:
    """Write a character as strings of JSON escape it (RFC 8259 §7)."""
    octets = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{octets[i : i + 2].hex()}" for i in range(0, len(octets), 2))


def in_ascii_json(text: str) -> str:
    """Return the same document for a stream that cannot carry UTF-8."""
    return "".join(char if char.isascii() else _in_utf16(char) for char in text)


def _longest_run(texts: Iterable[str]) -> int:
    return max((len(run) for text in texts for run in RUN.findall(text)), default=0)
