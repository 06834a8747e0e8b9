"""One server, many questions: each gets its own answer, and nobody waits for the dead."""

import asyncio
import gc
import socket
import time

import dns.message
import dns.rcode
import pytest

from mailconf.net import wire
from mailconf.net.stub import TICK_SECONDS, WINDOW, SilentError, Stub
from tests.net.asking import SOON
from tests.servers.dns import answer, name_server, silence

SECONDS = 2.0


def by_name(query: dns.message.Message) -> dns.message.Message:
    """Answer h7.example. with 192.0.2.7, and refuse anything else."""
    (question,) = query.question
    if not str(question.name).startswith("h"):
        refused = answer(rcode=dns.rcode.REFUSED)(query)
        assert refused
        return refused
    number = str(question.name).split(".")[0].removeprefix("h")
    found = answer(f"{question.name} 60 IN A 192.0.2.{number}")(query)
    assert found
    return found


def asked(number: int) -> bytes:
    return wire.question_of(f"h{number}.example.", "A")


async def values(stub: Stub, number: int) -> tuple[str, ...]:
    octets = await stub.ask(asked(number), wire.RD)
    return tuple(wire.parse(octets, asked(number)).values)


async def test_many_at_once_get_their_own_answers() -> None:
    async with name_server(by_name) as server:
        stub = Stub(*server, SECONDS)
        found = await asyncio.gather(*(values(stub, n % 250) for n in range(3 * WINDOW)))
    assert found == [(f"192.0.2.{n % 250}",) for n in range(3 * WINDOW)]


async def test_sockets_are_open_while_somebody_waits() -> None:
    async with name_server(by_name) as server:
        stub = Stub(*server, SECONDS)
        await values(stub, 1)
        assert (stub._sockets, stub._pending, stub._timer) == ([], {}, None)
        assert await values(stub, 2) == ("192.0.2.2",)


async def test_ports_and_ids_differ_from_question_to_question() -> None:
    seen = set()

    class Watching(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            seen.add((addr[1], data[:2]))
            found = by_name(dns.message.from_wire(data))
            self.transport.sendto(found.to_wire(), addr)  # type: ignore[attr-defined]

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Watching, local_addr=("127.0.0.1", 0))
    address, port = transport.get_extra_info("sockname")
    stub = Stub(address, port, SECONDS)
    for _ in range(20):
        await values(stub, 1)
    transport.close()
    assert len({port for port, _ in seen}) > 10
    assert len({number for _, number in seen}) > 10


async def test_a_silent_server_costs_twice_its_time_whatever_is_asked() -> None:
    async with name_server(silence) as server:
        stub, begun = Stub(*server, SOON), time.monotonic()
        found = await asyncio.gather(
            *(stub.ask(asked(n), wire.RD) for n in range(20 * WINDOW)), return_exceptions=True
        )
        assert {type(one) for one in found} == {SilentError}
        assert time.monotonic() - begun < 3 * SOON + 0.6
    assert stub.is_dead


async def test_a_server_that_drops_some_questions_answers_the_others() -> None:
    """Old load balancers drop what they do not know: that is no reason to give them up."""

    def picky(query: dns.message.Message) -> dns.message.Message | None:
        return by_name(query) if "h1." in str(query.question[0].name) else None

    async with name_server(picky) as server:
        stub = Stub(*server, SOON)
        assert await values(stub, 1) == ("192.0.2.1",)
        for _ in range(3):
            with pytest.raises(SilentError):
                await values(stub, 2)
        assert await values(stub, 1) == ("192.0.2.1",)
        assert not stub.is_dead


async def test_a_dead_server_is_tried_again_after_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailconf.net.stub.REST_SECONDS", SOON)
    async with name_server(silence, silence, by_name) as server:
        stub = Stub(*server, SOON)
        with pytest.raises(SilentError):
            await values(stub, 1)
        while not stub.is_dead:
            await asyncio.sleep(TICK_SECONDS)
        with pytest.raises(SilentError, match="timed out after 2 attempts"):
            await values(stub, 1)
        while time.monotonic() < stub._rests_until:
            await asyncio.sleep(TICK_SECONDS)
        assert await values(stub, 1) == ("192.0.2.1",)
        assert not stub.is_dead


async def test_one_lost_packet_kills_nobody() -> None:
    async with name_server(silence, by_name) as server:
        stub = Stub(*server, SOON)
        with pytest.raises(SilentError):
            await values(stub, 1)
        assert await values(stub, 1) == ("192.0.2.1",)
        assert not stub.is_dead


async def test_a_closed_port_is_told_at_once() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(ConnectionRefusedError):
        await Stub("127.0.0.1", port, SECONDS).ask(asked(1), wire.RD)
    assert time.monotonic() - begun < 1


async def test_nothing_is_left_behind_at_a_closed_port(caplog: pytest.LogCaptureFixture) -> None:
    """An ICMP message may come back with the next question that is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stub = Stub("127.0.0.1", port, SECONDS)
    asking = (stub.ask(asked(n), wire.RD) for n in range(3 * WINDOW))
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(one) for one in found} == {ConnectionRefusedError}
    assert (stub._pending, stub._sockets) == ({}, [])
    gc.collect()
    assert caplog.text == ""


async def test_answers_of_strangers_do_not_count() -> None:
    """Only the server's own address can be heard; a wrong name in its answer is not believed."""
    async with name_server(answer("other.example. 60 IN A 203.0.113.66")) as server:
        octets = await Stub(*server, SECONDS).ask(asked(1), wire.RD)
        read = wire.parse(octets, asked(1))
    assert (read.values, read.others) == ([], [("other.example.", "203.0.113.66")])


async def test_one_who_gives_up_leaves_the_others_alone() -> None:
    async with name_server(by_name) as server:
        stub = Stub(*server, SECONDS)
        first = asyncio.create_task(values(stub, 1))
        second = asyncio.create_task(values(stub, 2))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == ("192.0.2.2",)
    assert stub._pending == {}


async def test_the_source_is_the_address_to_come_from() -> None:
    async with name_server(by_name) as server:
        stub = Stub(*server, SECONDS, source="127.0.0.2")
        assert await values(stub, 3) == ("192.0.2.3",)


async def test_an_address_that_is_not_ours_is_told_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing can be sent from --source when no interface has it."""
    async with name_server(by_name) as server:
        stub = Stub(*server, SECONDS, "192.0.2.7")
        asking = (stub.ask(asked(n), wire.RD) for n in range(5))
        found = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(one) for one in found} == {OSError}
    assert (stub._pending, stub._sockets) == ({}, [])
    gc.collect()
    assert caplog.text == ""


def slow_zone(query: dns.message.Message) -> dns.message.Message | None:
    """Be silent about h0.example. alone."""
    return None if str(query.question[0].name) == "h0.example." else by_name(query)


async def test_a_zone_that_is_silent_does_not_make_the_resolver_dead() -> None:
    async with name_server(slow_zone) as server:
        stub = Stub(*server, SOON)
        for _ in range(3):
            with pytest.raises(SilentError):
                await values(stub, 0)
        others = (values(stub, n) for n in range(1, 20))
        assert await asyncio.gather(*others) == [(f"192.0.2.{n}",) for n in range(1, 20)]
        silent = asyncio.create_task(values(stub, 0))
        await asyncio.sleep(0)
        assert await values(stub, 7) == ("192.0.2.7",)
        with pytest.raises(SilentError):
            await silent
        assert not stub.is_dead


def test_an_interrupted_run_leaves_nothing_open(recwarn: pytest.WarningsRecorder) -> None:
    stub, told = Stub("127.0.0.1", 9, SECONDS), list[bytes | Exception]()

    async def interrupted() -> None:
        async with name_server(silence) as server:
            stub.port = server[1]
            for number in range(2 * WINDOW):
                stub.put(asked(number), wire.RD, told.append)
            while not stub._sockets:
                await asyncio.sleep(0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(interrupted())
    gc.collect()
    assert (stub._sockets, stub._pending, stub._timer, told) == ([], {}, None, [])
    assert [str(one.message) for one in recwarn] == []
