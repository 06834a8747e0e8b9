"""exim4.conf, its tables, the private keys, and what the unit needs to read the host's certificate.

Exim runs as its own user, which cannot read the private key: the unit makes a copy when it starts.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.api import (
    Certificate,
    Checker,
    Directory,
    Host,
    Package,
    Render,
    Unit,
    View,
    marked,
)
from mailconf_exim.duty import Duty
from mailconf_exim.options import EximOptions

CONFIG = PurePosixPath("etc/exim4/exim4.conf")
DROP_IN = PurePosixPath("etc/systemd/system/exim4.service.d/mailconf.conf")
DKIM = "/etc/exim4/dkim"
NEEDS = (
    Package("exim4-daemon-light"),
    Unit("exim4", "restart"),
    Checker(("exim4", "-C", f"/{CONFIG}", "-bV")),
    Directory(DKIM, "root", "Debian-exim", 0o750),
)


def exim_files(view: View[EximOptions], host: Host) -> Iterator[Render]:
    """Render everything that Exim reads on a host."""
    if not host.is_mta:
        return
    duty = Duty.of(view, host)
    tls = host.tls
    shown = (Certificate(tls.certificate, tls.private_key, host.hostname),) if duty.is_relay else ()
    yield Render(host.key, CONFIG, "exim4.conf.j2", duty, "exim4", needs=(*NEEDS, *shown))
    yield _table(host, "system_mail", duty.owners)
    if duty.keys:
        yield _table(host, "dkim_domains", duty.signed_names)
        rows = {domain: " : ".join(names) for domain, names in duty.selectors.items()}
        yield _table(host, "dkim_selectors", rows)
    if duty.is_relay:
        yield Render(host.key, DROP_IN, "unit.conf.j2", host, "exim4", needs=NEEDS)
    for key in duty.keys:
        yield Render(
            host.key,
            PurePosixPath(key.path.lstrip("/")),
            "private.j2",
            marked(key.reference, "key"),
            "exim4",
            group="Debian-exim",
            mode=0o640,
        )


def _table(host: Host, name: str, rows: dict[str, str]) -> Render:
    """Order a file for lookups of the type lsearch."""
    path = CONFIG.with_name(name)
    return Render(host.key, path, "table.j2", tuple(rows.items()), "exim4", needs=NEEDS)
