"""Virtual hosts, from the locations that other plugins ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from mailconf.model.requests.web import ServedPage

# Thunderbird takes a client configuration only as XML; without a type nginx says octet-stream.
MEDIA_TYPES = {".xml": "text/xml", ".txt": "text/plain"}


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """One URL path and the file that answers it; a path that ends with `/` and a root directory."""

    path: str
    file: str
    media_type: str

    @property
    def is_tree(self) -> bool:
        """Report whether everything below the path is served."""
        return self.path.endswith("/")


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """One server name under one scheme."""

    name: str
    is_https: bool
    locations: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class Server:
    """A block of nginx: all names that answer alike."""

    names: tuple[str, ...]
    locations: tuple[Location, ...]


def scheme_of(page: ServedPage) -> str:
    """Return http or https, as the URL of a page has it."""
    return page.url.partition(":")[0].lower()


def name_of(page: ServedPage) -> str:
    """Return the server name of a page."""
    return page.url.split("/", 3)[2].partition(":")[0].lower()


def sites(asked: Iterable[ServedPage]) -> tuple[Site, ...]:
    """Group pages by server name and scheme.

    A URL that ends with `/` is served from below a directory, any other one from a file.
    """
    grouped: dict[tuple[str, bool], list[Location]] = defaultdict(list)
    for page in asked:
        url = urlsplit(page.url)
        media_type = MEDIA_TYPES.get(PurePosixPath(page.path).suffix, "text/plain")
        key = url.hostname or "", url.scheme == "https"
        grouped[key].append(Location(url.path, page.path, media_type))
    return tuple(sorted(Site(*key, tuple(sorted(found))) for key, found in grouped.items()))


def servers(found: Iterable[Site]) -> Iterator[Server]:
    """Gather names without TLS that have the same locations: most serve challenges only."""
    names: dict[tuple[Location, ...], list[str]] = defaultdict(list)
    for site in found:
        names[site.locations].append(site.name)
    for locations, together in names.items():
        yield Server(tuple(together), locations)
