"""What earlier renders wrote into a folder, as far as its records can be believed: they came with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailconf.disk.folder import Folder
from mailconf.engine.manifest import MANIFEST, digest
from mailconf.engine.refused import refusal
from mailconf.formats.paths import PathRefusedError
from mailconf.model.artifact import check_rendered
from mailconf.model.finding import Finding, Rule, Severity

PRIVATE_DIGESTS = ".mailconf-secrets"
"""What was written into secret files, as digests, mode 0600: the manifest must not hold them."""
PENDING = ".mailconf-pending"
"""Digests of what was written since the manifest was, by path: a render that was interrupted."""
SMALLEST_LIMIT = 16 * 2**20
"""Octets that a record may have in any case; JSON takes twenty times as much memory."""
MOST_TOLD = 20
DIGEST = re.compile(r"[0-9a-f]{64}")

INVALID = Rule(
    code="CFG062",
    name="manifest-invalid",
    severity=Severity.ERROR,
    message="{entry} of {file} is {found}; expected {expected}; it is ignored",
    fix="restore {file} as mailconf wrote it, or render into an empty folder",
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Digests of what mailconf wrote, by path; none of a secret file whose digest is not known."""

    digests: Mapping[str, frozenset[str]]
    secret: frozenset[str]
    private: Mapping[str, tuple[str, ...]]
    pending: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...] = ()

    def wrote(self, path: str, text: str) -> bool:
        """Tell whether mailconf left this text at a path."""
        return digest(text) in self.digests.get(path, ())


def recorded(folder: Folder, size: int = 0) -> Recorded:
    """Read the records in a folder; `size` is that of the manifest that is to be written."""
    limit = max(SMALLEST_LIMIT, 4 * size)
    findings: list[Finding] = []
    listed = _valid(MANIFEST, _document(folder, MANIFEST, limit, findings, _files), findings)
    private, pending = (
        _valid(name, _document(folder, name, limit, findings, _pairs), findings)
        for name in (PRIVATE_DIGESTS, PENDING)
    )
    paths = listed.keys() | pending.keys()
    sources = (listed, private, pending)
    digests = {path: frozenset(d for one in sources for d in one.get(path, ())) for path in paths}
    secret = frozenset(path for path in paths if not listed.get(path)) | private.keys()
    return Recorded(digests, secret, private, pending, tuple(findings[:MOST_TOLD]))


Entries = Iterable[tuple[str, Any, Any]]
"""For each entry how it is called, its path and its digests, unchecked."""


def _document(
    folder: Folder,
    name: str,
    limit: int,
    findings: list[Finding],
    entries: Callable[[Any], Entries],
) -> list[tuple[str, Any, Any]]:
    """Read a record; one that cannot be read has no entries and is a finding."""
    try:
        octets = folder.read(name, limit)
    except FileNotFoundError:
        return []
    except PathRefusedError as why:
        findings.append(refusal(why))
        return []
    except OSError as why:
        findings.append(
            _invalid(name, "the file", f"closed to you ({why.strerror})", "a readable file")
        )
        return []
    try:
        return list(entries(json.loads(octets)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = _invalid(name, "the text", "something else", "JSON as mailconf writes it")
        findings.append(found)
        return []


def _files(body: Any) -> Iterator[tuple[str, Any, Any]]:
    for number, file in enumerate(body["files"]):
        is_map = isinstance(file, dict)
        path, found = (file.get("path"), file.get("sha256")) if is_map else (None, None)
        yield f"files[{number}]", path, () if found == "" else (found,)


def _pairs(body: Any) -> Iterator[tuple[str, Any, Any]]:
    for path, found in body.items():
        yield f"{path!r}", path, found if isinstance(found, list) else (found,)


def _valid(
    name: str, entries: Iterable[tuple[str, Any, Any]], findings: list[Finding]
) -> dict[str, tuple[str, ...]]:
    """Return the entries that mailconf can have written, each path once."""
    found: dict[str, tuple[str, ...]] = {}
    twice = set()
    for entry, path, digests in entries:
        why = _fault(path, digests)
        if why is None and path in found:
            twice.add(path)
            why = f"a second entry for {path!r}", "one entry for each path"
        if why:
            findings.append(_invalid(name, entry, *why))
        else:
            found[path] = tuple(digests)
    return {path: digests for path, digests in found.items() if path not in twice}


def _fault(path: Any, digests: Iterable[Any]) -> tuple[str, str] | None:
    """Say what was found and what is expected of an entry; None when it is well."""
    if not isinstance(path, str):
        return "no file with a path", "a path and its SHA-256"
    try:
        check_rendered(path)
    except PathRefusedError as why:
        return f"the path {path!r}", why.expected
    if not all(isinstance(one, str) and DIGEST.fullmatch(one) for one in digests):
        return f"{path} with another digest", "the SHA-256 in 64 hexadecimal digits"
    return None


def _invalid(file: str, entry: str, found: str, expected: str) -> Finding:
    return INVALID.at(file, file=file, entry=entry, found=found, expected=expected)
