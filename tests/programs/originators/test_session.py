"""The milter as Postfix meets it: packets over a socket."""

import asyncio
import json
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from mailconf.programs.originators import protocol
from mailconf.programs.originators.__main__ import Service, rules_of
from mailconf.programs.originators.rules import Rules
from mailconf.programs.originators.session import Session
from tests.programs.originators.test_policy import RULES

OFFER = struct.pack("!III", 6, 0x1FF, 0x1FFFFF)
CONNECT = b"client\x004" + struct.pack("!H", 40000) + b"198.51.100.1\0"


class Mta:
    """The MTA's side of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, command: bytes, data: bytes = b"") -> None:
        protocol.write(self._writer, command, data)

    async def ask(self, command: bytes, data: bytes = b"") -> list[tuple[bytes, bytes]]:
        self.send(command, data)
        answers = [await protocol.read(self._reader)]
        while answers[-1][0] in (
            protocol.INSERT_FIELD,
            protocol.CHANGE_FIELD,
            protocol.CHANGE_SENDER,
        ):
            answers.append(await protocol.read(self._reader))
        return answers

    async def message(
        self, *fields: tuple[str, str], login: str = "", sender: str = "<x@e.example>"
    ) -> tuple[list[tuple[bytes, bytes]], list[tuple[bytes, bytes]]]:
        """Send a message; return the answers to the end of its header and to its end."""
        macros = {"i": "QUEUEID", **({"{auth_authen}": login} if login else {})}
        packed = b"".join(protocol.text(k) + protocol.text(v) for k, v in macros.items())
        self.send(protocol.MACRO, protocol.MAIL + packed)
        await self.ask(protocol.MAIL, sender.encode() + b"\0")
        for name, value in fields:
            await self.ask(protocol.HEADER, protocol.text(name) + protocol.text(value))
        at_end_of_header = await self.ask(protocol.END_OF_HEADER)
        if at_end_of_header[0][0] == protocol.REPLY:
            self.send(protocol.ABORT)
            return at_end_of_header, []
        return at_end_of_header, await self.ask(protocol.END_OF_MESSAGE)


@asynccontextmanager
async def connected(rules: Rules = RULES) -> AsyncIterator[tuple[Mta, list[str]]]:
    log: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Session(lambda: rules, log.append).run(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        mta = Mta(reader, writer)
        await mta.ask(protocol.OPTIONS, OFFER)
        await mta.ask(protocol.CONNECT, CONNECT)
        yield mta, log
        mta.send(protocol.QUIT)
        writer.close()
        await writer.wait_closed()


async def test_a_message_with_one_author_passes() -> None:
    async with connected() as (mta, log):
        header, end = await mta.message(("From", "x@e.example"))
    assert [header, end] == [[(protocol.CONTINUE, b"")]] * 2
    assert log == []


async def test_a_message_without_one_is_refused_and_logged_with_its_queue_id() -> None:
    async with connected() as (mta, log):
        header, _ = await mta.message(("From", "x@e.example <"))
    assert header[0][0] == protocol.REPLY
    assert header[0][1].startswith(b"554 5.6.0 ")
    assert log == [f"QUEUEID: reject: {header[0][1][10:-1].decode()}"]


async def test_a_percent_sign_in_a_reply_is_no_format() -> None:
    async with connected() as (mta, _):
        header, _ = await mta.message(("From", "100%s@e.example"), login="alice@a.example")
    assert b"100%%s@e.example" in header[0][1]


async def test_a_login_does_not_stay_for_the_next_message() -> None:
    async with connected() as (mta, _):
        refused, _ = await mta.message(("From", "x@e.example"), login="alice@a.example")
        passed, _ = await mta.message(("From", "x@e.example"))
    assert refused[0][0] == protocol.REPLY
    assert passed[0][0] == protocol.CONTINUE


@pytest.mark.parametrize(
    ("name", "is_passed"), [("mx.e.example", True), ("a.example,@e.example", False)]
)
async def test_the_name_that_a_client_gave_last_counts(name: str, is_passed: bool) -> None:
    async with connected() as (mta, _):
        for helo in ("first,", name):
            await mta.ask(protocol.HELO, helo.encode() + b"\0")
        found, _ = await mta.message(("From", "x@e.example"), sender="<>")
    assert (found[0][0] == protocol.CONTINUE) is is_passed


async def test_forged_fields_are_taken_out_the_last_of_a_name_first() -> None:
    fields = [("From", "x@e.example"), ("X-Spam", "a"), ("Subject", "b"), ("x-spam", "c")]
    async with connected() as (mta, _):
        _, end = await mta.message(*fields)
    assert end == [
        (protocol.CHANGE_FIELD, b"\0\0\0\2x-spam\0\0"),
        (protocol.CHANGE_FIELD, b"\0\0\0\1X-Spam\0\0"),
        (protocol.CONTINUE, b""),
    ]


async def test_what_strangers_send_is_marked_for_the_relay() -> None:
    fields = [("From", "x@e.example"), ("X-Mailconf-External", "no")]
    async with connected(replace(RULES, forwards_to_relay=True)) as (mta, _):
        _, end = await mta.message(*fields)
    assert end == [
        (protocol.CHANGE_FIELD, b"\0\0\0\1X-Mailconf-External\0\0"),
        (protocol.INSERT_FIELD, b"\0\0\0\0X-Mailconf-External\0yes\0"),
        (protocol.CONTINUE, b""),
    ]


async def test_thousands_of_forged_fields_take_no_time() -> None:
    fields = [("From", "x@e.example"), *[("X-Spam", "a")] * 3000]
    async with connected() as (mta, _):
        _, end = await mta.message(*fields)
    assert len(end) == 3001


async def test_a_header_of_too_many_fields_is_refused_and_not_kept() -> None:
    async with connected() as (mta, _):
        refused, _ = await mta.message(("From", "x@e.example"), *[("a", "")] * 10_000)
        passed, _ = await mta.message(("From", "x@e.example"), *[("a", "")] * 9_999)
    assert refused[0][0] == protocol.REPLY
    assert b"more than 10000 fields" in refused[0][1]
    assert passed[0][0] == protocol.CONTINUE


@pytest.mark.parametrize(("fields", "is_passed"), [(8, True), (9, False)])
async def test_a_header_too_large_to_read_is_refused(fields: int, is_passed: bool) -> None:
    """OpenDKIM would defer it for ever, and reading what claims to be results takes time."""
    large = ("ARC-Authentication-Results", "(a \n" * 15_000)
    async with connected() as (mta, _):
        found, _ = await mta.message(("From", "x@e.example"), *[large] * fields)
    assert (found[0][0] == protocol.CONTINUE) is is_passed


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"\0\0\0\0", id="no command"),
        pytest.param(b"\xff\xff\xff\xffO", id="too long"),
        pytest.param(b"\0\0\0\x05O\0\0\0\6", id="options too short"),
        pytest.param(b"\0\0\0\x0dO" + struct.pack("!III", 6, 0, 0), id="nothing may be changed"),
    ],
)
async def test_what_is_no_milter_protocol_ends_the_connection(octets: bytes) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(octets)
    reader.feed_eof()
    with pytest.raises(protocol.ProtocolError):
        await Session(lambda: RULES, lambda _: None).run(reader, None)  # type: ignore[arg-type]


def test_clients_are_known_by_their_address() -> None:
    assert protocol.client(CONNECT) == ("198.51.100.1", 40000)
    assert protocol.client(b"x\x006" + b"\0\x19" + b"IPv6:2001:db8::1\0") == ("2001:db8::1", 25)
    assert protocol.client(b"localhost\0L\0\0/path\0") == ("", 0)
    assert protocol.client(b"unknown\0U") == ("", 0)


JSON = {
    "port": 8890,
    "hostnames": ["mail.a.example"],
    "forwards_to_relay": False,
    "domains": [],
    "organizations": [],
    "logins": {"a@a.example": ["a@a.example"]},
    "own_logins": [],
    "own": [],
    "programs": [],
    "hosts": {},
    "trusted": [],
    "sieve": {"daemon": "SIEVE", "user": "vmail", "authors": ["x@a.example"], "port": 10027},
    "has_spf_field": False,
    "srs_domain": "",
}


def test_rules_are_read_again_and_broken_ones_change_nothing(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(JSON))
    service = Service(file)
    assert service.rules == rules_of(JSON)
    file.write_text(json.dumps(JSON | {"hostnames": ["mx.a.example"]}))
    service.reload()
    assert service.rules.hostnames == ("mx.a.example",)
    file.write_text("{")
    service.reload()
    assert service.rules.hostnames == ("mx.a.example",)


def test_the_program_checks_its_rules(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    command = [sys.executable, "-m", "mailconf.programs.originators", "--check", str(file)]
    file.write_text(json.dumps(JSON))
    assert subprocess.run(command, check=False).returncode == 0
    file.write_text(json.dumps({**JSON, "logins": 1}))
    assert subprocess.run(command, check=False, capture_output=True).returncode != 0
