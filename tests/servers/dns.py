"""A DNS server that answers from a script, over UDP and TCP on one port."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Answering = Callable[[dns.message.Message], dns.message.Message | None]


def answer(
    *records: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR, secure: bool = False
) -> Answering:
    """Return a responder with records such as `example.org. 60 IN A 192.0.2.1`."""

    def respond(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.set_rcode(rcode)
        for record in records:
            name, ttl, rdclass, rdtype, rdata = record.split(" ", 4)
            response.answer.append(dns.rrset.from_text(name, int(ttl), rdclass, rdtype, rdata))
        if secure:
            response.flags |= dns.flags.AD
        return response

    return respond


def silence(_: dns.message.Message) -> None:
    """Never answer."""


def truncated(query: dns.message.Message) -> dns.message.Message:
    """Ask to come back over TCP."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC
    return response


def other_id(query: dns.message.Message) -> dns.message.Message:
    """Answer with an id that nobody asked with."""
    response = answer("evil.example. 60 IN A 203.0.113.66")(query)
    assert response
    response.id ^= 0xFFFF
    return response


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, scripts: list[Answering]) -> None:
        self._scripts = scripts
        self.queries = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        respond = self._scripts[min(self.queries, len(self._scripts) - 1)]
        self.queries += 1
        response = respond(dns.message.from_wire(data))
        if response is not None:
            self._transport.sendto(response.to_wire(), addr)  # type: ignore[attr-defined]


@asynccontextmanager
async def name_server(
    *scripts: Answering, tcp: Answering = silence
) -> AsyncIterator[tuple[str, int]]:
    """Serve one responder a query over UDP, the last for all later ones, and one over TCP."""

    async def serve_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = struct.unpack("!H", await reader.readexactly(2))[0]
        response = tcp(dns.message.from_wire(await reader.readexactly(length)))
        if response is not None:
            octets = response.to_wire(max_size=65535)
            writer.write(struct.pack("!H", len(octets)) + octets)
            await writer.drain()
        writer.close()

    listener = await asyncio.start_server(serve_tcp, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Udp(list(scripts)), local_addr=("127.0.0.1", port)
    )
    try:
        yield "127.0.0.1", port
    finally:
        transport.close()
        listener.close()
        await listener.wait_closed()
