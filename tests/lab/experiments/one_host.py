"""One host with everything on it, and OpenDKIM."""

import re
from email import message_from_string, policy
from email.message import EmailMessage
from functools import partial
from typing import Any

from mailconf.lab import mail, peer
from mailconf.lab.network import on_network_of
from mailconf.lab.rootfs import install
from mailconf.lab.roundtrip import CLIENT, listeners
from mailconf.lab.site import LabFile
from tests.lab.flow import NOBODY, PEER, Bench, letter, reply, side_by_side, token_of


def extension(bench: Bench) -> Any:
    message = letter(PEER, "bob+tag@example.org")
    bench.inject(message)
    return bench.received("bob@example.org", message)


def catch_all(bench: Bench) -> Any:
    """Mail to nobody in particular is caught; mail to a mailbox, with or without tag, is not."""
    names = ("whoever", "clerk", "clerk+tag")
    sent = {name: letter(PEER, f"{name}@club.example") for name in names}
    for message in sent.values():
        bench.inject(message)
    owners = {"whoever": "owner@club.example"}
    for name, message in sent.items():
        bench.received(owners.get(name, "clerk@club.example"), message)
    boxes = ("owner@club.example", "clerk@club.example")
    return {
        name: [b for b in boxes if bench.letters(b, "header", "Message-ID", token_of(message))]
        for name, message in sent.items()
    }


def forwarded(bench: Bench) -> Any:
    """What the peer sends to an alias comes back to it, with a sender of ours; so does a bounce."""
    message = letter(PEER, "guest@example.org")
    bench.submit(PEER, message)
    told = bench.received(PEER, message)
    answer = letter("MAILER-DAEMON@mx.mailconf-peer.example", told["sender"])
    bench.inject(answer, sender="")
    told["bounce"] = bench.received(PEER, answer)
    local, _, domain = told["sender"].rpartition("@")
    forged = f"{local[:5]}ZZZZ{local[9:]}@{domain}"
    told["forged"] = bench.says("MAIL FROM:<>", f"RCPT TO:<{forged}>")
    return told


def lost(bench: Bench) -> Any:
    """What an alias sends to nobody bounces to the peer."""
    message = letter(PEER, "lost@example.org")
    bench.submit(PEER, message)
    return bench.bounce(PEER, message)


def undeliverable(bench: Bench) -> Any:
    message = letter("bob@example.org", NOBODY)
    bench.submit("bob@example.org", message)
    return bench.bounce("bob@example.org", message)


SENDERS = (
    ("alice", "alice@example.org"),
    ("alice", "alice+tag@example.org"),
    ("alice", "postmaster@example.org"),
    ("alice", "rector@example.org"),
    ("alice", "anything@club.example"),
    ("alice", "bob@example.org"),
    ("bob", "sales@example.org"),
    ("bob", "rector@example.org"),
    ("bob", "anything@club.example"),
    ("bob", "dora@carried.example"),
    ("bob", PEER),
)


def delegation(bench: Bench) -> Any:
    def code(pair: tuple[str, str]) -> str:
        commands = (f"MAIL FROM:<{pair[1]}>", "RCPT TO:<alice@example.org>")
        return bench.says(*commands, user=f"{pair[0]}@example.org")[:3]

    replies = side_by_side(code, SENDERS)
    return {" as ".join(pair): found for pair, found in zip(SENDERS, replies, strict=True)}


TRACES = {
    "User-Agent": "Secret/1.0",
    "X-Mailer": "Secret 2",
    "X-Originating-IP": "[10.99.99.99]",
}


def privacy(bench: Bench) -> Any:
    """One message over each submission port to the peer, one from the peer."""
    told = {}
    for at in listeners(bench.lab.ours, "submission"):
        if at.address.version == 4:
            message = letter("alice@example.org", PEER, **TRACES)
            bench.submit("alice@example.org", message, at)
            told[at.endpoint.protocol.name] = bench.received(PEER, message)
    message = letter(PEER, "bob@example.org", **TRACES)
    bench.inject(message)
    return told | {"incoming": bench.received("bob@example.org", message)}


INNER = """Received: from laptop (unknown [10.9.9.9]) by mail.example.net (Postfix) with ESMTPSA
\tid 4XYZ for <x@example.com>; Mon, 2 Nov 2026 10:00:00 +0000 (UTC)
Authentication-Results: mx.example.com; dkim=pass header.d=example.net
User-Agent: Mutt/2.2
From: x@example.net
Subject: inner

Text.
"""


def with_attachment(sender: str, recipient: str) -> EmailMessage:
    message = letter(sender, recipient)
    message.add_attachment(message_from_string(INNER, policy=policy.default))
    return message


def oversized(bench: Bench) -> Any:
    """Send more than is taken without saying so before, and the most that is."""
    envelope = (f"MAIL FROM:<{PEER}>", "RCPT TO:<bob@example.org>")
    line = b"x" * 70 + b"\r\n"
    told = {}
    for name, octets in (("too large", 1_100_000), ("large", 900_000)):
        body = mail.HEAD + line * (octets // len(line))
        at = bench.at("smtp")
        pour = partial(mail.pour, at, bench.context, peer.HOSTNAME, envelope, body)
        told[name] = reply(partial(on_network_of, peer.KEY, pour))
    return told


def attached(bench: Bench) -> Any:
    """A message inside a message is nobody's to change: signatures cover it."""
    out, back = (
        with_attachment("alice@example.org", PEER),
        with_attachment(PEER, "bob@example.org"),
    )
    bench.submit("alice@example.org", out)
    bench.submit(PEER, back)
    return {
        "outgoing": bench.received(PEER, out),
        "incoming": bench.received("bob@example.org", back),
    }


def rate_limit(bench: Bench) -> Any:
    """Three recipients are allowed in an hour; alice may send to more."""
    told: dict[str, list[str]] = {"carol": [], "alice": []}
    for name, replies in told.items():
        for number in range(4):
            message = letter(f"{name}@example.org", f"bob+{number}@example.org")
            replies.append(reply(partial(bench.submit, f"{name}@example.org", message)))
    return told


def through_provider(bench: Bench) -> Any:
    """The peer plays the provider of two domains; the right password is put into the table."""
    machine, path = bench.lab.machines["mail"], "/etc/postfix/sasl_passwords"
    text = bench.lab.ours.hosts["mail"].files[path].text
    right = re.sub(rf"({re.escape(PEER)}):\S+", rf"\1:{bench.login(PEER).password}", text)
    install(machine.root, path, LabFile(right, mode=0o600))
    machine.run("postfix", "reload")
    for sender in ("dora@carried.example", "wren@wrapped.example"):
        message = letter(sender, PEER)
        bench.submit(sender, message)
        bench.received(PEER, message)
    return [str(e) for e in bench.lab.journal.since(0) if f"sasl_username={PEER}" in e.text]


def transport_security(bench: Bench) -> Any:
    """The peer's policy says enforce (see `Trial`): mail to it goes through TLS that was verified."""
    table = "socketmap:inet:127.0.0.1:8461:postfix"
    answer = bench.lab.machines["mail"].run("postmap", "-q", peer.DOMAIN, table)
    message = letter("alice@example.org", PEER)
    bench.submit("alice@example.org", message)
    bench.received(PEER, message)
    line = bench.logged(r"smtp\[\d+\]: \w+ TLS connection established to mx\.mailconf-peer")
    return {"policy": answer.output, "log": line}


def own_parameter(bench: Bench) -> Any:
    asked = bench.lab.machines["mail"].run("postconf", "-xh", "smtpd_banner").output
    at = bench.at("smtp")
    return {"postconf": asked, "banner": on_network_of(CLIENT, lambda: mail.says_in_clear(at, ()))}
