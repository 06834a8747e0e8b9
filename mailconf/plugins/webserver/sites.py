"""Virtual hosts, from the locations that other plugins ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from mailconf.model.setting import Setting

# Thunderbird takes a client configuration only as XML; without a type nginx says octet-stream.
MEDIA_TYPES = {".xml": "text/xml", ".txt": "text/plain"}


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """One URL path and the file that answers it."""

    path: str
    file: str
    media_type: str


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """One server name under one scheme."""

    name: str
    is_https: bool
    locations: tuple[Location, ...]


def scheme_of(wish: Setting) -> str:
    """Return http or https, as a wish names it."""
    return wish.key.partition(":")[0].lower()


def sites(asked: Iterable[Setting]) -> tuple[Site, ...]:
    """Group settings of the form URL → file path by server name and scheme."""
    grouped: dict[tuple[str, bool], list[Location]] = defaultdict(list)
    for setting in asked:
        url = urlsplit(setting.key)
        media_type = MEDIA_TYPES[PurePosixPath(setting.value).suffix]
        key = url.hostname or "", url.scheme == "https"
        grouped[key].append(Location(url.path, setting.value, media_type))
    return tuple(sorted(Site(*key, tuple(sorted(found))) for key, found in grouped.items()))
