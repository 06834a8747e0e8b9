"""Reaching a listener, or not."""

import socket

import pytest

from mailconf.model.questions.ports import PortProbe
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.world import ConnectionRejected
from mailconf.net.stream import bound
from tests.net.asking import SOON, listener, world
from tests.servers.scripted import scripted, silence


async def test_a_closed_port_refuses() -> None:
    async with scripted(()) as server:
        port = server.port
    with pytest.raises(ConnectionRejected, match="refused the connection"):
        await world().ask(ServerSession(listener("smtp", port)))


async def test_a_knock_is_heard_refused_or_lost() -> None:
    async with scripted((silence,)) as server:
        at = listener("smtp", server.port)
        assert await world().ask(PortProbe(at)) == "open"
    assert await world().ask(PortProbe(at)) == "refused"


async def test_a_port_behind_a_packet_filter_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backlog that is full: the kernel drops what comes next."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        at = listener("smtp", full.getsockname()[1])
        with socket.create_connection(("127.0.0.1", at.endpoint.port)):
            monkeypatch.setattr("mailconf.net.drivers.port_probe.KNOCK_SECONDS", SOON)
            assert await world().ask(PortProbe(at)) == "silent"


def test_a_local_address_is_for_places_of_its_family() -> None:
    assert bound("192.0.2.1", "198.51.100.1") == ("192.0.2.1", 0)
    assert bound("192.0.2.1", "2001:db8::1") is None
    assert bound("", "198.51.100.1") is None
