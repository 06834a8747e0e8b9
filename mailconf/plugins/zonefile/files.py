"""Master files: our records to $INCLUDE, or whole zones where the spec names their servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.formats.names import absolute, is_under
from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.model.zone import Zone, zones
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
    for zone in found:
        path = PurePosixPath("dns", f"{zone.name}.zone")
        yield Render(SITE, path, "zone.j2", _master_file(view, zone, found))


def _master_file(view: View[ZonefileOptions], zone: Zone, others: tuple[Zone, ...]) -> MasterFile:
    authority = _authority(view, zone)
    if authority is None:
        return MasterFile(zone, None)
    below = [z for z in others if z is not zone and is_under(z.apex, zone.apex)]
    children = tuple(
        z for z in below if not any(z is not b and is_under(z.apex, b.apex) for b in below)
    )
    inside = [record for child in children for record in child.records]
    glue = [r for r in inside if r.type in ADDRESSES and r.name in authority.servers]
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
