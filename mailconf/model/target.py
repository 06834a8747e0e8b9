"""What runs on a host: a distribution, or versions by name; one table says what each one ships."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version as a sequence of numbers, so that 3.10 is newer than 3.9."""

    numbers: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `3.7.11`; raises ValueError for anything that is not numbers and dots."""
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}", text):
            raise ValueError(f"a version such as 3.10, this is {text!r}")
        return cls(tuple(map(int, text.split("."))))

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers))

    @property
    def minor(self) -> Version:
        """The version without its patch level: 3.7 of 3.7.11."""
        return Version(self.numbers[:2])


@dataclass(frozen=True, slots=True)
class Target:
    """What a host runs, by the name that the spec uses; `versions` are upstream's, by package.

    `is_exact` tells whether the operator wrote versions: a distribution repairs an old version
    without changing its number, so only written versions can be held against a host.
    """

    name: str
    versions: Mapping[str, Version]
    is_exact: bool = False

    def __str__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def version(self, package: str) -> Version:
        """Return the version of `postfix`, `dovecot`, `rspamd`, `postsrsd` and the like."""
        return self.versions[package]

    def has(self, package: str, since: str) -> bool:
        """Tell whether a package is at least of version `since`."""
        return self.versions[package] >= Version.parse(since)


# packages.debian.org and packages.ubuntu.com, November 2026; security updates keep the number.
# Ubuntu 22.04 has 3.6.4 with the repair of 3.6.14 against SMTP smuggling (USN-6591-2).
SHIPPED = {
    "debian-11": (
        "postfix 3.5.25 dovecot 2.3.13 rspamd 2.7 postsrsd 1.10 "
        "mta-sts 1.0.0 rate-limit 1.0.1 systemd 247"
    ),
    "debian-12": (
        "postfix 3.7.11 dovecot 2.3.19 rspamd 3.4 postsrsd 1.10 "
        "mta-sts 1.1.2 rate-limit 1.0.1 systemd 252"
    ),
    "debian-13": (
        "postfix 3.10.13 dovecot 2.4.1 rspamd 3.12 postsrsd 1.10 "
        "mta-sts 1.5.0 rate-limit 1.2.0 systemd 257"
    ),
    "debian-forky": (
        "postfix 3.11.7 dovecot 2.4.5 rspamd 4.1 postsrsd 2.4 "
        "mta-sts 1.5.1 rate-limit 1.2.0 systemd 262"
    ),
    "ubuntu-22.04": (
        "postfix 3.6.14 dovecot 2.3.16 rspamd 3.1 postsrsd 1.10 "
        "mta-sts 1.0.0 rate-limit 1.0.1 systemd 249"
    ),
    "ubuntu-24.04": (
        "postfix 3.8.6 dovecot 2.3.21 rspamd 3.8 postsrsd 1.10 "
        "mta-sts 1.4.0 rate-limit 1.0.1 systemd 255"
    ),
}


def _release(name: str) -> Target:
    words = SHIPPED[name].split()
    pairs = zip(words[0::2], map(Version.parse, words[1::2]), strict=True)
    return Target(name, dict(pairs))


RELEASES: dict[str, Target] = {name: _release(name) for name in SHIPPED}
DEFAULT = RELEASES["debian-12"]
WRITTEN = ("postfix", "dovecot")
OLDEST = {"postfix": Version.parse("3.5"), "dovecot": Version.parse("2.3")}
NEWEST_DOVECOT = Version.parse("2.5")


def likeness(target: Target) -> Target | None:
    """Return the release that has the same Postfix and Dovecot lines, or None."""
    lines = [target.version(package).minor for package in WRITTEN]
    alike = (r for r in RELEASES.values() if [r.version(p).minor for p in WRITTEN] == lines)
    return next(alike, None)


def explicit(versions: Mapping[str, Version]) -> Target:
    """Return a target of written versions; other packages are those of the nearest release.

    Nearest is the oldest release whose Postfix is at least as new, else the newest there is.
    """
    wanted = versions["postfix"]
    by_age = sorted(RELEASES.values(), key=lambda release: release.version("postfix"))
    nearest = next((r for r in by_age if r.version("postfix") >= wanted), by_age[-1])
    name = ", ".join(f"{package} {versions[package]}" for package in WRITTEN)
    return Target(name, {**nearest.versions, **versions}, is_exact=True)


def _target(value: Any) -> Any:
    if isinstance(value, Target):
        return value
    if isinstance(value, str):
        if value not in RELEASES:
            raise ValueError(f"{', '.join(RELEASES)}, or {{postfix: VERSION, dovecot: VERSION}}")
        return RELEASES[value]
    if not isinstance(value, dict) or set(value) != set(WRITTEN):
        raise ValueError("a release such as debian-13, or {postfix: VERSION, dovecot: VERSION}")
    return explicit({package: _written(package, value[package]) for package in WRITTEN})


def _written(package: str, value: Any) -> Version:
    if not isinstance(value, str):
        raise ValueError(f'the version of {package} in quotes, such as "3.10": 3.10 is a number')
    version = Version.parse(value)
    if version < OLDEST[package] or (package == "dovecot" and version >= NEWEST_DOVECOT):
        newest = " up to 2.4" if package == "dovecot" else ""
        raise ValueError(f"{package} {OLDEST[package]} or newer{newest}, this is {version}")
    return version


TARGET_SCHEMA = {
    "anyOf": [
        {"enum": sorted(RELEASES)},
        {
            "type": "object",
            "properties": {package: {"type": "string"} for package in WRITTEN},
            "required": list(WRITTEN),
            "additionalProperties": False,
        },
    ]
}
SpecTarget = Annotated[Target, BeforeValidator(_target), WithJsonSchema(TARGET_SCHEMA)]
"""A host's target: a release by name, or explicit versions."""
