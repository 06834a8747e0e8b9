"""One GET or POST over HTTP or HTTPS: no redirects, bounded, with the certificate's facts."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

from mailconf.model.questions.pages import Page
from mailconf.model.world import ConnectionRejected, Inconclusive, ResponseTooLarge
from mailconf.net.line import reason
from mailconf.net.pipe import Pipe, piped
from mailconf.net.tls import Contexts, facts_of

MAX_BODY = 64 * 1024
PORTS = {"http": 80, "https": 443}
AGENT = "mailconf"
XML = "text/xml; charset=utf-8"
PASSWORD = re.compile(r"(<key>[A-Za-z]{0,40}Password</key>\s{0,40}<string>)[^<]+")
"""In a profile that somebody has published: it goes no further."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart, and the address to connect to."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    address: str
    dialled: int
    """The port to connect to; it stands in for the URL's where the operator says so."""
    source: str = ""


def target(url: str, address: str, dialled: int = 0, source: str = "") -> Target:
    """Take a URL apart for a connection to `address`, from `source` where one is given."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = parts.port or PORTS[parts.scheme]
    host = parts.hostname or ""
    return Target(url, parts.scheme, host, port, path, address, dialled or port, source)


async def fetched(wanted: Target, xml: str, contexts: Contexts, seconds: float) -> Page:
    """Fetch a page, or post XML; an untrusted certificate is a fact of the page, not an error."""
    try:
        return await _fetched(wanted, xml, contexts.trusted, "", seconds)
    except ssl.SSLCertVerificationError as why:
        return await _fetched(wanted, xml, contexts.lenient, why.verify_message, seconds)


async def _fetched(
    wanted: Target, xml: str, context: ssl.SSLContext, fault: str, seconds: float
) -> Page:
    try:
        async with asyncio.timeout(seconds):
            pipe = await _open(wanted)
            try:
                if wanted.scheme == "https":
                    await _start_tls(wanted, pipe, context)
                return await _exchange(wanted, xml.encode(), pipe, fault)
            finally:
                pipe.close()
    except TimeoutError:
        raise Inconclusive(f"{wanted.url} did not answer within {seconds:g} s") from None
    except ssl.SSLCertVerificationError:
        raise
    except OSError as why:
        raise Inconclusive(f"{wanted.url}: connection lost: {reason(why)}") from None
    except h11.RemoteProtocolError as why:
        raise Inconclusive(
            f"{wanted.url} answered with something that is not HTTP: {why}"
        ) from None


async def _open(wanted: Target) -> Pipe:
    try:
        return await piped(wanted.address, wanted.dialled, wanted.source)
    except ConnectionRefusedError:
        raise ConnectionRejected(
            f"{wanted.url} at {wanted.address} refused the connection"
        ) from None
    except OSError as why:
        raise Inconclusive(f"{wanted.url} at {wanted.address}: {reason(why)}") from None


async def _start_tls(wanted: Target, pipe: Pipe, context: ssl.SSLContext) -> None:
    try:
        await pipe.start_tls(context, wanted.host)
    except ssl.SSLCertVerificationError:
        raise
    except OSError as why:
        raise Inconclusive(f"{wanted.url} at {wanted.address}: {reason(why)}") from None


async def _exchange(wanted: Target, xml: bytes, pipe: Pipe, fault: str) -> Page:
    http = h11.Connection(h11.CLIENT)
    events = (_request(wanted, xml), *([h11.Data(xml)] if xml else []), h11.EndOfMessage())
    pipe.send(b"".join(http.send(event) or b"" for event in events))
    status, content_type, body = 0, "", bytearray()
    async for event in _events(http, pipe):
        if isinstance(event, h11.Response):
            status = event.status_code
            content_type = _header(event, b"content-type")
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MAX_BODY:
                raise ResponseTooLarge(f"{wanted.url} holds more than {MAX_BODY} octets")
    facts = facts_of(pipe.tls, fault) if pipe.tls else None
    text = PASSWORD.sub(r"\g<1>hidden", body.decode("utf-8", "backslashreplace"))
    return Page(status, content_type, text, facts)


def _request(wanted: Target, xml: bytes) -> h11.Request:
    usual = wanted.port == PORTS[wanted.scheme]
    host = wanted.host if usual else f"{wanted.host}:{wanted.port}"
    headers = [("Host", host), ("User-Agent", AGENT), ("Accept", "*/*"), ("Connection", "close")]
    if xml:
        headers += [("Content-Type", XML), ("Content-Length", str(len(xml)))]
    return h11.Request(method="POST" if xml else "GET", target=wanted.path, headers=headers)


def _header(response: h11.Response, wanted: bytes) -> str:
    values = (value for name, value in response.headers if name == wanted)
    return next(values, b"").decode("latin-1").strip().lower()


async def _events(http: h11.Connection, pipe: Pipe) -> AsyncIterator[h11.Event]:
    """Yield h11 events until the message ends."""
    while True:
        event = http.next_event()
        if not isinstance(event, h11.Event):
            http.receive_data(await pipe.receive())
            continue
        if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return
        yield event
