"""One GET: bounded, without redirects, with the certificate's facts."""

import asyncio

import pytest

from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.world import ConnectionRejected, Inconclusive
from tests.net.asking import HOST, SOON, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import Step, endless, hear, say, scripted, silence

LOCAL = {HOST: "127.0.0.1"}
REQUEST = hear("GET /mta-sts.txt HTTP/1.1")


def page(head: str, body: str = "") -> tuple[Step, ...]:
    return REQUEST, say(f"HTTP/1.1 {head}\nContent-Length: {len(body)}\n\n"), say(body.encode())


async def fetched(script: tuple[Step, ...], seconds: float = 5.0) -> Page:
    async with scripted(script) as server:
        return await world(seconds=seconds, connect=LOCAL).ask(
            PageRequest(f"http://{HOST}:{server.port}/mta-sts.txt")
        )


async def test_a_page_over_http() -> None:
    got = await fetched(page("200 OK\nContent-Type: Text/XML; charset=utf-8", "<x/>"))
    assert got == Page(200, "text/xml; charset=utf-8", "<x/>")


async def test_a_page_over_https(authority: TestAuthority) -> None:
    async with scripted(page("200 OK", "hi"), context=authority.server(HOST)) as server:
        got = await world(authority.file, connect=LOCAL).ask(
            PageRequest(f"https://{HOST}:{server.port}/mta-sts.txt")
        )
    assert (got.body, got.tls.fault if got.tls else None) == ("hi", "")


async def test_an_untrusted_certificate_is_a_fact_of_the_page(authority: TestAuthority) -> None:
    async with scripted(page("200 OK", "hi"), context=authority.server(HOST)) as server:
        got = await world(connect=LOCAL).ask(
            PageRequest(f"https://{HOST}:{server.port}/mta-sts.txt")
        )
    assert got.tls
    assert "unable to get local issuer certificate" in got.tls.fault


async def test_a_certificate_of_another_name_is_a_fact_of_the_page(
    authority: TestAuthority,
) -> None:
    """Clients and senders refuse such a page (RFC 8461 §3.3, RFC 9525 §6)."""
    context = authority.server("www.example.net")
    async with scripted(page("200 OK", "hi"), context=context) as server:
        got = await world(authority.file, connect=LOCAL).ask(
            PageRequest(f"https://{HOST}:{server.port}/mta-sts.txt")
        )
    assert got.tls
    assert f"certificate is not valid for '{HOST}'" in got.tls.fault


async def test_a_common_name_is_no_name(authority: TestAuthority) -> None:
    context = authority.server_of_common_name(HOST)
    async with scripted(page("200 OK", "hi"), context=context) as server:
        got = await world(authority.file, connect=LOCAL).ask(
            PageRequest(f"https://{HOST}:{server.port}/mta-sts.txt")
        )
    assert got.tls
    assert "not valid for" in got.tls.fault


async def test_a_password_in_a_profile_goes_no_further() -> None:
    keys = "<key>OutgoingPassword</key>\n\t<string>s3cret &amp; more</string>"
    got = await fetched(page("200 OK", f"<plist>{keys}</plist>"))
    assert "s3cret" not in got.body
    assert "<key>OutgoingPassword</key>\n\t<string>hidden</string>" in got.body


async def test_what_is_posted_arrives(authority: TestAuthority) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heard.put_nowait(head + await reader.readexactly(len("<é/>".encode())))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        await writer.drain()

    async with scripted((listen,), context=authority.server(HOST)) as server:
        asked = world(authority.file, connect=LOCAL)
        got = await asked.ask(PageRequest(f"https://{HOST}:{server.port}/a.xml", "<é/>"))
    said = (await heard.get()).decode()
    assert got.body == "hi"
    assert said.startswith("POST /a.xml HTTP/1.1\r\n")
    assert "content-type: text/xml; charset=utf-8\r\n" in said.lower()
    assert said.endswith("\r\n\r\n<é/>")


async def test_a_redirect_is_not_followed() -> None:
    got = await fetched(page("301 Moved\nLocation: http://192.0.2.1/"))
    assert got.status == 301


CHUNKED = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param(
            (REQUEST, say(CHUNKED), endless(b"5\r\nhello\r\n")), "more than", id="endless"
        ),
        pytest.param(page("200 OK", "x" * 70_000), "more than 65536 octets", id="too large"),
        pytest.param(
            (REQUEST, say("220 mail ESMTP\n\n"), silence), "not HTTP", id="another protocol"
        ),
        pytest.param((REQUEST, silence), "did not answer", id="silence"),
        pytest.param((REQUEST,), "not HTTP", id="closed without an answer"),
        pytest.param((REQUEST, endless(b"X: y\r\n")), "not HTTP", id="endless headers"),
    ],
)
async def test_what_cannot_be_told(script: tuple[Step, ...], told: str) -> None:
    with pytest.raises(Inconclusive, match=told):
        await fetched(script, seconds=SOON if told == "did not answer" else 10.0)


async def test_a_closed_port_refuses() -> None:
    async with scripted(()) as server:
        port = server.port
    with pytest.raises(ConnectionRejected):
        await world(connect=LOCAL).ask(PageRequest(f"http://{HOST}:{port}/"))
