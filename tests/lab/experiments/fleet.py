"""A fleet: MX, store, backup MX."""

import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from mailconf.lab import peer
from mailconf.lab.roundtrip import CLIENT
from mailconf.lab.site import Site
from tests.lab.flow import PEER, Bench, letter, reply, side_by_side


def knowing_a_list(site: Site) -> None:
    """Add a DNS list: the client is listed, and the peer is told that it may not ask."""
    listed = {CLIENT: "127.0.0.2", peer.KEY: "127.255.255.254"}
    addresses = {CLIENT: "100.0.18.198", peer.KEY: "25.0.18.198"}
    lines = (f"{addresses[who]}.dnsbl.example. 300 IN A {code}\n" for who, code in listed.items())
    site.zones["dnsbl.example"] = "".join(lines)


def turned_away(bench: Bench) -> Any:
    """postscreen asks the list about whoever connects."""
    envelope = (f"MAIL FROM:<{PEER}>", "RCPT TO:<bob@example.org>")
    sources = {"listed": CLIENT, "not listed": peer.KEY}
    ask = partial(bench.says, *envelope, host="mx.")
    replies = side_by_side(lambda source: ask(source=source), sources.values())
    return dict(zip(sources, replies, strict=True))


def through_relay(bench: Bench) -> Any:
    """A user's message is signed where it leaves, by the host that judges what arrives there."""
    message = letter("alice@example.org", PEER)
    bench.submit("alice@example.org", message)
    return bench.received(PEER, message)


def forwarded(bench: Bench) -> Any:
    """What a stranger sends to an alias leaves through the relay, with the author whom it names."""
    message = letter("carol@open.example", "guest@open.example")
    bench.inject(message, peer.STRANGER, host="front.")
    kept = letter(peer.STRANGER, "carol@open.example")
    bench.inject(kept, peer.STRANGER, host="front.")
    return bench.received(PEER, message) | {"kept": bench.received("carol@open.example", kept)}


CUT = (
    ("add", "table", "inet", "outage"),
    (
        "add",
        "chain",
        "inet",
        "outage",
        "in",
        "{ type filter hook input priority -10; policy drop; }",
    ),
)
MENDED = (("delete", "table", "inet", "outage"),)


def outage(bench: Bench) -> Any:
    """MX and store are away: the backup takes mail for those it knows, and delivers it later."""
    _filter(bench, CUT)
    message, begun = letter(PEER, "bob+tag@example.org"), time.monotonic()
    replies: dict[str, Any] = {
        "known": reply(partial(bench.inject, message, host="backup.")),
        "seconds": time.monotonic() - begun,
        "unknown": bench.says(f"MAIL FROM:<{PEER}>", "RCPT TO:<no@example.org>", host="backup."),
    }
    replies["queue"] = bench.lab.machines["backup"].run("postqueue", "-p").output
    _filter(bench, MENDED)
    bench.lab.machines["backup"].run("postqueue", "-f")
    return replies | {"arrived": bench.received("bob@example.org", message)}


def _filter(bench: Bench, commands: Iterable[tuple[str, ...]]) -> None:
    for name in ("mx", "store"):
        for command in commands:
            bench.lab.machines[name].start("nft", *command)
