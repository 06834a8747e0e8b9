"""Master files: our records to $INCLUDE, or whole zones where the spec names their servers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.formats.names import absolute, parent
from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.model.zone import Zone, nearest, zones
from mailconf.plugins.zonefile.options import ZonefileOptions

ADDRESSES = ("A", "AAAA")


@dataclass(frozen=True, slots=True)
class Authority:
    """What stands at the top of a whole zone (RFC 1035 §3.3.13); `contact` is a domain name."""

    servers: tuple[str, ...]
    contact: str
    serial: int
    ttl: int


@dataclass(frozen=True, slots=True)
class MasterFile:
    """A zone, with its authority or without; a whole one delegates to the `children`.

    `glue` are addresses of name servers inside those (RFC 1034 §4.2.1).
    """

    zone: Zone
    authority: Authority | None
    children: tuple[Zone, ...] = ()
    glue: tuple[Record, ...] = ()


def zone_files(view: View[ZonefileOptions]) -> Iterator[Render]:
    """Order a file for every zone that holds records of ours."""
    found = zones(view.spec, view.records)
    children = _children(found)
    for zone in found:
        path = PurePosixPath("dns", f"{zone.name}.zone")
        data = _master_file(view, zone, tuple(children[zone.apex]))
        yield Render(SITE, path, "zone.j2", data)


def _children(found: tuple[Zone, ...]) -> dict[str, list[Zone]]:
    """Return the zones right below each apex."""
    apexes = {zone.apex for zone in found}
    children: dict[str, list[Zone]] = defaultdict(list)
    for zone in found:
        children[nearest(parent(zone.apex), apexes)].append(zone)
    return children


def _master_file(view: View[ZonefileOptions], zone: Zone, children: tuple[Zone, ...]) -> MasterFile:
    authority = _authority(view, zone)
    if authority is None:
        return MasterFile(zone, None)
    servers = frozenset(authority.servers)
    inside = (record for child in children for record in child.records)
    glue = [r for r in inside if r.type in ADDRESSES and r.name in servers]
    return MasterFile(zone, authority, children, tuple(glue))


def _authority(view: View[ZonefileOptions], zone: Zone) -> Authority | None:
    options = view.options
    if not options.name_servers:
        return None
    return Authority(
        tuple(absolute(server) for server in options.name_servers),
        _mailbox(options.contact or f"hostmaster@{zone.name}"),
        options.serial,
        view.spec.dns.ttl,
    )


def _mailbox(address: str) -> str:
    """Return an address as a domain name: dots of the local part are escaped (RFC 1035 §8)."""
    local, _, domain = address.rpartition("@")
    return local.replace(".", "\\.") + "." + absolute(domain)
