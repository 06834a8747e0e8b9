"""opendmarc.conf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Package, Render
from mailconf.model.plugin import View
from mailconf.model.spec import Host
from mailconf.plugins.opendmarc.options import OpendmarcOptions

PATH = PurePosixPath("etc/opendmarc.conf")
NEEDS = (Package("opendmarc"), Package("publicsuffix"))


@dataclass(frozen=True, slots=True)
class OpendmarcData:
    """What the template prints."""

    host: Host
    port: int


def daemon_file(view: View[OpendmarcOptions], host: Host) -> Iterator[Render]:
    """Order the configuration of each host's daemon."""
    data = OpendmarcData(host, view.options.port)
    yield Render(host.key, PATH, "opendmarc.conf.j2", data, "opendmarc", needs=NEEDS)
