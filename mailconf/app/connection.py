"""How a command reaches the world: resolvers, authorities to trust, addresses to go to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from mailconf.app.errors import refuse
from mailconf.disk.folder import read_named
from mailconf.engine.digests import MAX_PEM
from mailconf.formats.names import DomainNameError, a_labels, relative
from mailconf.formats.paths import PathRefusedError
from mailconf.model.outcome import Build
from mailconf.net.authenticated import Reveal
from mailconf.net.live import EHLO_NAME, LiveWorld
from mailconf.net.resolvers import Resolver, address_of, resolver_of
from mailconf.net.tls import NoCertificatesError, authorities_of


def live_world(
    resolvers: Iterable[str],
    trusted: str,
    connect: Iterable[str],
    *,
    ehlo_name: str = EHLO_NAME,
    source: str = "",
    reveal: Reveal | None = None,
    public_only: bool = False,
) -> LiveWorld:
    """Return the world as the options say that it is reached; `trusted` is what `authorities` returns."""
    return LiveWorld(
        now=datetime.now(UTC),
        resolvers=tuple(resolver("--resolver", text) for text in resolvers),
        authorities=trusted,
        connect=connections(connect),
        ehlo_name=_name("--ehlo-name", ehlo_name),
        source=_source(source),
        reveal=reveal,
        public_only=public_only,
    )


def authorities(ca: Path | None) -> str:
    """Read --ca, once: the authorities to trust besides the system's."""
    try:
        return authorities_of(read_named(ca, MAX_PEM)) if ca else ""
    except OSError as why:
        refuse(f"--ca {ca}: {why.strerror}")
    except (PathRefusedError, NoCertificatesError):
        refuse(f"--ca {ca}: no PEM certificates in it")


def resolver(option: str, text: str) -> Resolver:
    """Read ADDRESS[:PORT]."""
    try:
        return resolver_of(text)
    except ValueError as why:
        refuse(f"{option} {text}: {why}")


def connections(wanted: Iterable[str]) -> dict[str, str]:
    """Read every --connect; two for one name contradict each other."""
    found: dict[str, str] = {}
    for text in wanted:
        name, address = _connection(text)
        if name in found:
            refuse(f"--connect {text}: {name} is given twice")
        found[name] = address
    return found


def refuse_unknown(wanted: Iterable[str], build: Build) -> None:
    """End where --connect names what is no host of the spec, nor another name that it publishes."""
    hosts = [host.hostname for host in build.spec.hosts.values()]
    known = {*hosts, *(relative(record.name) for record in build.records)}
    for name in (name.partition(":")[0] for name in connections(wanted)):
        if name not in known:
            refuse(f"--connect {name}: no host of the spec; expected one of {', '.join(hosts)}")


def _connection(text: str) -> tuple[str, str]:
    """Read HOST=ADDRESS or, for one port, HOST:PORT=ADDRESS:PORT."""
    asked, equals, given = text.partition("=")
    host, _, port = asked.partition(":")
    if not equals or not host or (":" in asked and not port.isdecimal()):
        refuse(f"--connect {text}: expected HOST=ADDRESS, or HOST:PORT=ADDRESS:PORT")
    try:
        address, number = address_of(given)
    except ValueError:
        refuse(f"--connect {text}: {given!r} is not ADDRESS or ADDRESS:PORT")
    name = host.lower().rstrip(".")
    if number is None:
        return (f"{name}:{port}" if port else name), address
    if not port:
        refuse(f"--connect {text}: a target port requires HOST:PORT={given}")
    return f"{name}:{port}", f"[{address}]:{number}"


def _name(option: str, text: str) -> str:
    try:
        return a_labels(text)
    except DomainNameError as why:
        refuse(f"{option} {text}: {why}")


def _source(text: str) -> str:
    """Read --source, an address of this machine."""
    try:
        return str(ip_address(text)) if text else ""
    except ValueError:
        refuse(f"--source {text}: expected an IP address of this machine")
