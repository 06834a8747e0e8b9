"""Master files: our records to $INCLUDE, or whole zones where the spec names their servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.formats.names import absolute
from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.zone import Zone, zones
from mailconf.plugins.zonefile.options import ZonefileOptions


@dataclass(frozen=True, slots=True)
class Authority:
    """What stands at the top of a whole zone (RFC 1035 §3.3.13); `contact` is a domain name."""

    servers: tuple[str, ...]
    contact: str
    serial: int
    ttl: int


@dataclass(frozen=True, slots=True)
class MasterFile:
    """A zone, with its authority or without."""

    zone: Zone
    authority: Authority | None


def zone_files(view: View[ZonefileOptions]) -> Iterator[Render]:
    """Order a file for every zone that holds records of ours."""
    for zone in zones(view.spec, view.records):
        path = PurePosixPath("dns", f"{zone.name}.zone")
        yield Render(SITE, path, "zone.j2", MasterFile(zone, _authority(view, zone)))


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
