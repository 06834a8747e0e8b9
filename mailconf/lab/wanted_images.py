"""Which images a lab of a spec needs."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.lab.image import image, release_of
from mailconf.model.artifact import Artifact, Package
from mailconf.model.outcome import Build

Wanted = tuple[str, tuple[str, ...]]
"""A release, and the packages that a host needs."""


def wanted_images(build: Build) -> list[Wanted]:
    """Return each image once: of all hosts, and of the peer, which is like the first host.

    Raises LabUnavailableError for a target that no image stands for.
    """
    found = {image(*wanted).root: wanted for wanted in _wanted(build)}
    return list(found.values())


def packages_of(artifacts: tuple[Artifact, ...]) -> dict[str, set[str]]:
    """Return the packages that the files of each host need, by the host's key."""
    packages: dict[str, set[str]] = {}
    for artifact in artifacts:
        named = (need.name for need in artifact.order.needs if isinstance(need, Package))
        packages.setdefault(artifact.order.host, set()).update(named)
    return packages


def _wanted(build: Build) -> Iterator[Wanted]:
    hosts, packages = build.spec.hosts, packages_of(build.artifacts)
    yield release_of(next(iter(hosts.values())).target), ()
    for key, host in hosts.items():
        yield release_of(host.target), tuple(sorted(packages.get(key, ())))
