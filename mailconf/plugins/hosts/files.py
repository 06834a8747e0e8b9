"""The list of reverse names, to hand to whoever owns the addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.plugins.hosts.options import HostsOptions


def ptr_list(view: View[HostsOptions]) -> Iterator[Render]:
    """Order one list of address and name for the whole site."""
    hosts = view.spec.hosts.values()
    pairs = tuple((address, host.hostname) for host in hosts for address in host.addresses)
    yield Render(SITE, PurePosixPath("dns", "ptr.txt"), "ptr.txt.j2", pairs)
