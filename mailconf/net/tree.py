"""A rendered tree as if it were live: its records are published, its pages served, nobody listens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from mailconf.disk.folder import DIRECTORY, Folder
from mailconf.formats.names import absolute, parent
from mailconf.formats.paths import PathRefusedError
from mailconf.model.question import Question
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.record import Record
from mailconf.model.records_document import RecordsDocument
from mailconf.model.world import Inconclusive, NotApplicable
from mailconf.model.zone import nearest

RECORDS, ZONES = "dns/records.json", "dns/*.zone"
SITES = "hosts/*/var/www/mailconf"
CHALLENGES = "/.well-known/acme-challenge/"
DATA = ("A", "AAAA", "CAA", "CNAME", "MX", "PTR", "SRV", "TLSA", "TXT")
"""What records of ours may be; keys and delegations are the name servers' business."""
# What the rendered nginx gives each kind of file.
TYPES = {".txt": "text/plain", ".xml": "text/xml"}
MOST_ALIASES = 8
MAX_RECORDS, MAX_PAGE = 2**30, 2**20
"""Octets: 100,000 domains have 300 MB of records; a policy has 64 KB at most (RFC 8461 §3.3)."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RenderedTree:
    """What a tree says at a time; zones count as signed, for nothing in it could say otherwise."""

    folder: Folder
    now: datetime
    records: Mapping[str, list[Record]]
    """By name in small letters; a name that is only above others has none."""
    zones: frozenset[str]
    sites: tuple[str, ...]
    """Where hosts have the files of their web server."""

    @classmethod
    def read(cls, root: Path, now: datetime) -> RenderedTree:
        """Read a tree; raises OSError, and ValueError for links and records that cannot be read."""
        folder = Folder(root)
        records = RecordsDocument.parse(folder.read(RECORDS, MAX_RECORDS).decode("utf-8")).records
        zones = frozenset(absolute(PurePosixPath(path).stem) for path in folder.glob(ZONES))
        return cls(folder, now, _by_name(records), zones, tuple(folder.glob(SITES)))

    async def ask(self, question: Question[T]) -> T:
        """Return what the tree publishes and serves; whoever would have to listen is not asked."""
        found: Any
        if isinstance(question, DnsQuery):
            found = self._answer(question.name.lower(), question.type, MOST_ALIASES)
        elif isinstance(question, AuthoritativeQuery):  # there is one server
            answer = self._answer(question.name.lower(), question.type, MOST_ALIASES)
            found = {str(self.folder.root): answer}
        elif isinstance(question, PageRequest):
            found = self._page(question.url, question.xml)
        else:
            raise NotApplicable(f"{question} is not checked with --offline")
        answered: T = found
        return answered

    def _answer(self, name: str, rtype: str, left: int) -> Answer:
        here = self.records.get(name, [])
        is_ours = here or nearest(name, self.zones)
        if rtype not in DATA or not is_ours:
            raise NotApplicable(f"{name} {rtype}: the rendered tree has no data for this name")
        aliases = [record.value for record in here if record.type == "CNAME" and rtype != "CNAME"]
        if aliases and left:
            return self._followed(aliases[0], rtype, left - 1)
        values = tuple(sorted(_published(r) for r in here if r.type == rtype))
        ttl = min((record.ttl for record in here), default=0)
        return Answer(values, exists=name in self.records, secure=True, ttl=ttl)

    def _followed(self, alias: str, rtype: str, left: int) -> Answer:
        found = self._answer(alias.lower(), rtype, left)
        return Answer(found.values, found.alias or alias.lower(), found.exists, True, found.ttl)

    def _page(self, url: str, xml: str) -> Page:
        """Return a file of the web server; nobody is there to read what is posted."""
        if xml:
            raise NotApplicable(f"{url}: POST requests are not checked with --offline")
        parts = urlsplit(url)
        if parts.path.startswith(CHALLENGES):
            raise NotApplicable(f"{url}: a rendered tree renews no certificates")
        try:
            site = self._site_of(str(parts.hostname))
            if not site:
                raise NotApplicable(f"{url}: the rendered tree has no pages for {parts.hostname}")
            body = self.folder.text(f"{site}/{parts.path.lstrip('/')}", MAX_PAGE)
        except FileNotFoundError:
            return Page(404, "text/html", "")
        except PathRefusedError as why:
            raise Inconclusive(f"{url}: {why}") from None
        media_type = TYPES.get(PurePosixPath(parts.path).suffix, "application/octet-stream")
        return Page(200, media_type, body)

    def _site_of(self, name: str) -> str:
        """Return the folder with the pages of a name; an empty text where there is none."""
        for site in self.sites:
            with suppress(FileNotFoundError):
                if self.folder.kind(f"{site}/{name}") == DIRECTORY:
                    return f"{site}/{name}"
        return ""


def _by_name(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        name = record.name.lower()
        found.setdefault(name, []).append(record)
        while (name := parent(name)) != "." and name not in found:
            found[name] = []
    return found


def _published(record: Record) -> str:
    """Return a value as resolvers give it: text as it is, all else in small letters."""
    return record.value if record.type == "TXT" else record.value.lower()
