"""Postfix's own judgement of TLSA records (RFC 7672): four domains of the peer, one host each."""

import asyncio
import re
from typing import Any

from mailconf.lab import dns_setup, peer
from mailconf.lab.lab import Lab
from mailconf.lab.lab_run import RESOLVER
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import Inconclusive
from mailconf.net.live import LiveWorld
from tests.lab.flow import Bench, letter, side_by_side

ALICE = "alice@example.org"
# Does the host have the key that the record names, and what is the matter with its zone?
KINDS = {"right": True, "wrong": False, "bogus": True, "insecure": False}
DOMAINS = {kind: f"{kind}-dane.example" for kind in KINDS}
BODY = {
    "mailboxes": {"reader": {}},
    "aliases": {"postmaster": "reader", "abuse": "reader"},
    "dkim": {"selectors": {peer.SELECTOR: {"state": "active"}}},
}


def publish(lab: Lab) -> None:
    """Give each domain an MX host with a TLSA record; break one zone's signature, one's chain."""
    dane: Any = lab.theirs.parsed.scopes["dane"].hosts[peer.KEY]
    for kind, is_right in KINDS.items():
        digest = dane.digests[0] if is_right else "0" * 64
        lab.theirs.zones[DOMAINS[kind]] = zone(f"{DOMAINS[kind]}.", f"3 1 1 {digest}")
    zones, _ = dns_setup.tree_of(lab).signed(insecure={f"{DOMAINS['insecure']}."})
    apex = f"{DOMAINS['bogus']}."
    dns_setup.publish(lab, {**zones, apex: with_broken_signature(zones[apex])})
    dns_setup.forget(lab)


def zone(apex: str, tlsa: str) -> str:
    return (
        f"{apex} 300 IN MX 10 mx.{apex}\n"
        f"mx.{apex} 300 IN A {peer.ADDRESSES[0]}\n"
        f"_25._tcp.mx.{apex} 300 IN TLSA {tlsa}\n"
    )


def with_broken_signature(text: str) -> str:
    """Change the last octets of the signature over TLSA records."""
    broken, count = re.subn(r"(RRSIG TLSA .*)......==$", r"\1AAAAAA==", text, flags=re.MULTILINE)
    assert count == 1
    return broken


def judged(bench: Bench) -> Any:
    """Send to each domain; tell what the sender's log says of the delivery."""

    def outcome(kind: str) -> str:
        bench.submit(ALICE, letter(ALICE, f"reader@{DOMAINS[kind]}"))
        return bench.logged(rf"smtp\[\d+\]: \w+: to=<reader@{DOMAINS[kind]}>.* status=")

    return dict(zip(KINDS, side_by_side(outcome, KINDS), strict=True))


def resolved(_bench: Bench) -> Any:
    """Ask for the same records as verify does; tell what comes of it."""
    world = LiveWorld(resolvers=(RESOLVER,))

    async def told(kind: str) -> str:
        try:
            answer = await world.ask(DnsQuery(f"_25._tcp.mx.{DOMAINS[kind]}.", "TLSA"))
        except Inconclusive as why:
            return type(why).__name__
        return "secure" if answer.secure else "insecure"

    async def each() -> dict[str, str]:
        return {kind: await told(kind) for kind in KINDS}

    return on_network_of(CLIENT, lambda: asyncio.run(each()))
