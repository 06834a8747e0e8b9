"""Certificates: every fault is a fact, seen on a second connection without trust."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailconf.model.world import CannotTell, Session
from tests.net.asking import HOST, SOON, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import hear, say, scripted, silence

POLITE = (
    *(say("+OK ready\n"), hear("CAPA"), say("+OK\nUIDL\n.\n")),
    *(hear("QUIT"), say("+OK bye\n")),
)


async def asked(authority: TestAuthority, ca_file: Path | None, **how: bool) -> Session:
    async with scripted(POLITE, context=authority.server(HOST, **how)) as server:
        return await world(ca_file).session(listener("pop3s", server.port))


async def test_a_trusted_certificate_has_no_fault(authority: TestAuthority) -> None:
    facts = (await asked(authority, authority.file)).tls
    assert facts
    assert (facts.fault, facts.names, facts.issuer) == ("", (HOST,), "mailconf lab authority")
    assert facts.version == "TLSv1.3"
    assert facts.not_before < datetime.now(UTC) < facts.not_after


async def test_an_unknown_authority_is_a_fault(authority: TestAuthority) -> None:
    facts = (await asked(authority, None)).tls
    assert facts
    assert "unable to get local issuer certificate" in facts.fault


async def test_an_expired_certificate_is_a_fault(authority: TestAuthority) -> None:
    facts = (await asked(authority, authority.file, expired=True)).tls
    assert facts
    assert facts.fault == "certificate has expired"
    assert facts.not_after < datetime.now(UTC)


async def test_another_name_is_no_fault_of_the_chain(authority: TestAuthority) -> None:
    context = authority.server("other.example.org")
    async with scripted(POLITE, context=context) as server:
        facts = (await world(authority.file).session(listener("pop3s", server.port))).tls
    assert facts
    assert (facts.fault, facts.names) == ("", ("other.example.org",))


async def test_clear_text_on_a_tls_port_cannot_be_told() -> None:
    async with scripted((say("+OK ready\n"), silence)) as server:
        with pytest.raises(CannotTell, match="TLS handshake failed"):
            await world(seconds=SOON).session(listener("pop3s", server.port))
