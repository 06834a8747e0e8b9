"""The text of a spec's file, or why it has none."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path as File

from mailconf.disk.folder import Folder, read_named
from mailconf.engine.refused import refusal
from mailconf.formats.paths import PathRefusedError
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Place

MAX_OCTETS = 256 * 2**20
UNREADABLE = Rule(
    code="CFG001",
    name="file-unreadable",
    severity=Severity.ERROR,
    message="cannot read {file}: {why}",
    fix="give the path of a readable YAML file",
)
NOT_TEXT = Rule(
    code="CFG002",
    name="file-not-text",
    severity=Severity.ERROR,
    message="{found}; expected {wanted}",
    fix="save the file as UTF-8 text",
)


class SpecFileError(Exception):
    """A file of the spec is unusable; `finding` says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def text_of(file: File) -> str:
    """Return the text of the file that the operator names; raises SpecFileError."""
    return _text(file, partial(_named, file))


def text_below(folder: Folder, path: str) -> str:
    """Return the text of a file below the spec's folder, following no links; raises SpecFileError."""
    return _text(folder.root / path, partial(folder.read, path, MAX_OCTETS))


def _named(file: File) -> bytes:
    try:
        return read_named(file, MAX_OCTETS)
    except PathRefusedError as why:
        raise OSError(errno.EINVAL, f"it is {why.found}; expected {why.expected}") from None


def _text(file: File, read: Callable[[], bytes]) -> str:
    try:
        octets = read()
    except PathRefusedError as why:
        raise SpecFileError(refusal(why).placed(Place(str(file)))) from None
    except OSError as why:
        found = UNREADABLE.at(file, file=file, why=why.strerror)
        raise SpecFileError(found.placed(Place(str(file)))) from None
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        octet = f"octet 0x{octets[why.start]:02x}"
        raise SpecFileError(_not_text(file, octets, why.start, octet, "UTF-8 text")) from None
    odd = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    if odd:
        control = f"the control character U+{ord(odd[0]):04X}"
        at = octets.index(odd[0].encode())
        raise SpecFileError(_not_text(file, octets, at, control, "text without control characters"))
    return text


def _not_text(file: File, octets: bytes, position: int, found: str, wanted: str) -> Finding:
    line = octets.count(b"\n", 0, position) + 1
    column = position - (octets.rfind(b"\n", 0, position) + 1) + 1
    return NOT_TEXT.at(file, found=found, wanted=wanted).placed(Place(str(file), line, column))
