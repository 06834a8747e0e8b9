"""Hosts by name and by address, with their services: each is found in one step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from mailconf.model.endpoint import Address, Endpoint
from mailconf.model.host import Host

T = TypeVar("T", str, Address)


@dataclass(frozen=True)
class HostIndex:
    """The hosts of a spec and all that they offer; of several hosts with one name the first counts."""

    hosts: tuple[Host, ...]
    endpoints: tuple[Endpoint, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Host]:
        """Hosts by DNS name."""
        return {host.hostname: host for host in reversed(self.hosts)}

    @cached_property
    def by_address(self) -> Mapping[Address, Host]:
        """Hosts by each of their addresses."""
        return {address: host for host in reversed(self.hosts) for address in host.addresses}

    @cached_property
    def services_by_name(self) -> Mapping[str, tuple[Endpoint, ...]]:
        """Services by the DNS name of their host."""
        return _grouped((point.host, point) for point in self.endpoints)

    @cached_property
    def services_by_address(self) -> Mapping[Address, tuple[Endpoint, ...]]:
        """Services by each address at which they are."""
        return _grouped(
            (a, point) for point in self.endpoints for a in dict.fromkeys(point.addresses)
        )


def _grouped(pairs: Iterable[tuple[T, Endpoint]]) -> Mapping[T, tuple[Endpoint, ...]]:
    found: dict[T, list[Endpoint]] = defaultdict(list)
    for key, point in pairs:
        found[key].append(point)
    return {key: tuple(points) for key, points in found.items()}
