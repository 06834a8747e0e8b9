"""The sites of a host: what it serves under each name, with TLS and without."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from mailconf.api import ServedPage

MEDIA_TYPES = {".xml": "text/xml", ".txt": "text/plain"}


@dataclass(frozen=True, order=True)
class Page:
    """One path: a file, or everything below a directory where the path ends with `/`."""

    path: str
    directory: str
    file: str
    media_type: str


@dataclass(frozen=True, order=True)
class Site:
    """A name under one scheme, and its pages."""

    scheme: str
    name: str
    pages: tuple[Page, ...]


def sites(requested: Iterable[ServedPage]) -> tuple[Site, ...]:
    """Group pages by scheme and name."""
    grouped: dict[tuple[str, str], list[Page]] = defaultdict(list)
    for request in requested:
        url = urlsplit(request.url)
        grouped[url.scheme, url.hostname or ""].append(_page(url.path, PurePosixPath(request.path)))
    return tuple(sorted(Site(*key, tuple(sorted(pages))) for key, pages in grouped.items()))


def _page(path: str, target: PurePosixPath) -> Page:
    media_type = MEDIA_TYPES.get(target.suffix, "text/plain")
    if path.endswith("/"):
        return Page(f"{path}*", str(target), "", media_type)
    return Page(path, str(target.parent), target.name, media_type)
