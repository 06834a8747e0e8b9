"""The ports of Postfix that no mail protocol of the spec has: inside the host, and the operator's own."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.postfix import Daemon, PostfixSyntaxError
from mailconf.model.requests.listeners import Listener
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.master import additions, built_in

# services(5), as far as mail has them.
PORTS = {"smtp": 25, "submission": 587, "submissions": 465, "smtps": 465, "ssmtp": 465, "lmtp": 24}


def listeners(duty: Duty) -> Iterator[Listener]:
    """Yield each service of master.cf with its port, but for those that the spec names as protocols."""
    offered, rendered = {point.port for point in duty.points}, built_in(duty)
    for daemon in rendered:
        found = _place(daemon)
        if found and found[1] not in offered:
            address = found[0] or ("" if duty.listens else "127.0.0.1")
            yield _listener(duty, (address, found[1]), "Postfix")
    ours = {(daemon.name, daemon.type) for daemon in rendered}
    for daemon in _own(duty):
        found = _place(daemon)
        # The same name twice is a fault of master.cf (PFX023).
        if found and (daemon.name, daemon.type) not in ours:
            yield _listener(duty, found, f"{daemon.name} in master_cf")


def _listener(duty: Duty, place: tuple[str, int], service: str) -> Listener:
    return Listener(host=duty.host.key, port=place[1], service=service, address=place[0])


def _own(duty: Duty) -> tuple[Daemon, ...]:
    try:
        return tuple(additions(duty))
    except PostfixSyntaxError:
        return ()  # lint reports that


def _place(daemon: Daemon) -> tuple[str, int] | None:
    """Return address and port of a service (master(5), `host:port`); None for sockets and pipes."""
    address, _, port = daemon.name.rpartition(":")
    number = int(port) if port.isdecimal() else PORTS.get(port, 0)
    return (address.strip("[]"), number) if daemon.type == "inet" and number else None
