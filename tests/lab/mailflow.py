"""Mail put through a booted lab, and what became of it; the first process of a lab's namespaces.

`python -m tests.lab.mailflow LAB RELEASE` prints what each experiment saw as JSON, by its name.
"""

import base64
import imaplib
import json
import re
import smtplib
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from mailconf.engine.load import Loaded, load, retargeted
from mailconf.engine.render import Renderer
from mailconf.lab import boot as booting
from mailconf.lab import mail, peer
from mailconf.lab.boot import Lab
from mailconf.lab.journal import Journal
from mailconf.lab.mail import Login
from mailconf.lab.network import on_network_of
from mailconf.lab.rootfs import install
from mailconf.lab.roundtrip import CLIENT, listeners
from mailconf.lab.site import LabFile, Site
from mailconf.model.endpoint import Listener

SPECS = Path(__file__).parent / "specs"
SECONDS, POLL_SECONDS = 25.0, 0.1
PEER, NOBODY = peer.USER, f"nobody@{peer.DOMAIN}"
NUMBERS: Iterator[int] = count()
T = TypeVar("T")
Work = TypeVar("Work")
AT_ONCE = 6


@dataclass(frozen=True)
class Letter:
    """A message as it lay in a mailbox."""

    message: EmailMessage

    @property
    def results(self) -> list[str]:
        """What its receiver found out about it, one entry a header field."""
        fields = self.message.get_all("Authentication-Results", [])
        return [re.sub(r"\s+", " ", str(text)) for text in fields]

    def told(self) -> dict[str, Any]:
        return {
            "text": str(self.message),
            "sender": str(self.message["Return-Path"] or "").strip("<>"),
            "received": [re.sub(r"\s+", " ", v) for v in self.message.get_all("Received", [])],
            "results": self.results,
        }


@dataclass(frozen=True)
class Bench:
    """A lab that is up, with what experiments do in it."""

    lab: Lab
    context: ssl.SSLContext

    def login(self, address: str) -> Login:
        site = self.lab.theirs if address == PEER else self.lab.ours
        return Login(address, site.passwords[address])

    def at(self, what: str, host: str = "", site: Site | None = None) -> Listener:
        """Return a listener that everybody may connect to, over IPv4."""
        found = listeners(site or self.lab.ours, what)
        return next(
            at for at in found if at.endpoint.host.startswith(host) and at.address.version == 4
        )

    def submit(self, sender: str, message: EmailMessage, at: Listener | None = None) -> None:
        """Send as a user of either side."""
        site = self.lab.theirs if sender == PEER else self.lab.ours
        listener = at or self.at("submission", site=site)
        send = partial(mail.submit, listener, self.context, self.login(sender), message)
        on_network_of(CLIENT, send)

    def inject(self, message: EmailMessage, sender: str = PEER, host: str = "") -> None:
        """Send as another server does: unsigned, from the peer's own address."""
        at = self.at("smtp", host)
        send = partial(mail.inject, at, self.context, peer.HOSTNAME, sender, message)
        on_network_of(peer.KEY, send)

    def says(self, *commands: str, user: str = "", host: str = "", source: str = "") -> str:
        """Return the last reply of a dialogue with port 25, or of a user with submission."""
        at = self.at("submission" if user else "smtp", host)
        login = self.login(user) if user else None
        say = partial(mail.dialogue, at, self.context, peer.HOSTNAME, commands, login)
        return str(on_network_of(source or (CLIENT if user else peer.KEY), say))

    def letters(self, user: str, *query: str, folder: str = "INBOX") -> list[Letter]:
        """Return what matches now in a mailbox of either side, as Dovecot's own tool sees it."""
        ours = self.lab.ours.build.spec.hosts_with("mailstore")[0].key
        machine = self.lab.machines[peer.KEY if user == PEER else ours]
        done = machine.run("doveadm", "fetch", "-u", user, "text", "mailbox", folder, *query)
        texts = done.output.replace("\r\n", "\n").split("\f")
        found = (text.strip("\n").removeprefix("text:\n") for text in texts)
        messages = (message_from_string(text, policy=policy.default) for text in found if text)
        return [Letter(message) for message in messages if isinstance(message, EmailMessage)]

    def arrives(self, user: str, *query: str, folder: str = "INBOX") -> dict[str, Any]:
        """Wait for the letter that matches, and tell about it."""
        look = partial(self.letters, user, *query, folder=folder)
        return until(look)[-1].told()

    def received(self, user: str, message: EmailMessage, folder: str = "INBOX") -> dict[str, Any]:
        return self.arrives(user, "header", "Message-ID", token_of(message), folder=folder)

    def bounce(self, user: str, message: EmailMessage) -> dict[str, Any]:
        """Wait for the message with which a host says that another one was not delivered."""
        return self.arrives(user, "from", "MAILER-DAEMON", "text", token_of(message))

    def logged(self, pattern: str) -> str:
        """Wait for a line of the journal."""
        entries = self.lab.journal.since
        return until(lambda: [str(e) for e in entries(0) if re.search(pattern, e.text)])[-1]


def until(look: Callable[[], list[T]]) -> list[T]:
    """Return what is found, as soon as something is."""
    end = time.monotonic() + SECONDS
    while not (found := look()):
        if time.monotonic() > end:
            raise TimeoutError("nothing was found")
        time.sleep(POLL_SECONDS)
    return found


def side_by_side(work: Callable[[Work], T], over: Iterable[Work]) -> list[T]:
    """Do the same for many: most of the time is waiting."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, over))


def letter(sender: str, recipient: str, **headers: str) -> EmailMessage:
    message = mail.compose(sender, recipient, f"flow{time.time_ns():x}n{next(NUMBERS)}")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


def token_of(message: EmailMessage) -> str:
    return str(message["Message-ID"]).strip("<>").partition("@")[0]


# One host, OpenDKIM.


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
    def reply(pair: tuple[str, str]) -> str:
        commands = (f"MAIL FROM:<{pair[1]}>", "RCPT TO:<alice@example.org>")
        return bench.says(*commands, user=f"{pair[0]}@example.org")[:3]

    replies = side_by_side(reply, SENDERS)
    return {" as ".join(pair): code for pair, code in zip(SENDERS, replies, strict=True)}


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
            replies.append(_reply(partial(bench.submit, f"{name}@example.org", message)))
    return told


def _reply(send: Callable[[], None]) -> str:
    try:
        send()
    except smtplib.SMTPRecipientsRefused as replies:
        return str(next(iter(replies.recipients.values())))
    except smtplib.SMTPResponseException as reply:
        return str((reply.smtp_code, reply.smtp_error))
    return "sent"


def through_provider(bench: Bench) -> Any:
    """The peer plays the provider of carried.example; the right password is put into the table."""
    machine, path = bench.lab.machines["mail"], "/etc/postfix/sasl_passwords"
    if not list(machine.root.glob("usr/lib/*/sasl2/libplain.so*")):
        return {"missing": "libsasl2-modules"}
    text = bench.lab.ours.hosts["mail"].files[path].text
    right = re.sub(rf"({re.escape(PEER)}):\S+", rf"\1:{bench.login(PEER).password}", text)
    install(machine.root, path, LabFile(right, mode=0o600))
    machine.run("postfix", "reload")
    message = letter("dora@carried.example", PEER)
    bench.submit("dora@carried.example", message)
    told = bench.received(PEER, message)
    return told | {"log": bench.logged(f"sasl_username={PEER}|SASL authentication failed")}


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


# One host, rspamd.

GTUBE = "JS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
WORDS = " ".join(f"remarkable{n} offering{n}" for n in range(40))


def knowing_test_patterns(site: Site) -> None:
    """Let rspamd know the pattern that marks a message, besides the one that has it refused."""
    file = site.hosts["mail"].files["/etc/rspamd/local.d/options.inc"]
    file.text += 'enable_test_patterns = true;\ngtube_patterns = "all";\n'


def signed_twice(bench: Bench) -> Any:
    message = letter("alice@example.org", PEER)
    bench.submit("alice@example.org", message)
    return bench.received(PEER, message)


def spam(bench: Bench) -> Any:
    """A test pattern is refused, another one is filed into Junk."""
    refused = letter(PEER, "bob@example.org")
    refused.set_content(f"X{GTUBE}\n")
    marked = letter(PEER, "bob@example.org")
    marked.set_content(f"Y{GTUBE}\n")
    reply = _reply(partial(bench.inject, refused))
    return {"marked": _reply(partial(bench.inject, marked))} | {
        "refused": reply,
        "junk": bench.received("bob@example.org", marked, folder="Junk"),
    }


def learned(bench: Bench) -> Any:
    """A user moves a message to Junk, and back: the filter learns twice."""
    user = "alice@example.org"
    message = letter(PEER, user)
    message.set_content(WORDS)
    bench.inject(message)
    bench.received(user, message)
    told = {}
    for way in (("INBOX", "Junk"), ("Junk", "INBOX")):
        on_network_of(CLIENT, partial(_move, bench, user, token_of(message), way))
        told[way[1]] = until(partial(_statistics, bench, "SPAM" if way[1] == "Junk" else "HAM"))
    return told


def _move(bench: Bench, user: str, token: str, way: tuple[str, str]) -> None:
    at = bench.at("imap")
    with imaplib.IMAP4(str(at.address), at.endpoint.port) as client:
        client.host = at.endpoint.host  # the name that the certificate is to have
        client.starttls(bench.context)
        client.login(user, bench.login(user).password)
        client.select(way[0])
        _, found = client.uid("SEARCH", "HEADER", "Message-ID", token)
        client.uid("MOVE", found[0].decode(), way[1])


def _statistics(bench: Bench, kind: str) -> list[str]:
    """Return how much rspamd has learned of a kind, once it has learned something."""
    output = bench.lab.machines["mail"].run("rspamc", "-h", "127.0.0.1:11334", "stat").output
    return re.findall(rf"BAYES_{kind}.*learned: ([1-9]\d*)", output)


CLAIMED = "203.0.113.99"
LOGINS = {"smtp": ("EHLO client", "AUTH PLAIN {token}"), "imap": ("a AUTHENTICATE PLAIN {token}",)}

LOGGED = {
    "smtp": rf"postfix/submissions/smtpd.* connect from unknown\[{CLAIMED}\]",
    "imap": rf"imap-login: Log(ged in|in): .*rip={CLAIMED}",
}


def proxied(bench: Bench) -> Any:
    """The load balancer speaks for a client; nobody else gets a connection."""
    told = {}
    for endpoint in bench.lab.ours.build.spec.endpoints:
        if endpoint.proxies:
            at = Listener(endpoint, endpoint.addresses[0])
            told[at.endpoint.protocol.name] = {
                "proxy": on_network_of(CLIENT, partial(_through_proxy, bench, at)),
                "stranger": on_network_of(peer.KEY, partial(_connects, at)),
                "log": bench.logged(LOGGED[at.endpoint.protocol.family]),
            }
    return told


def _through_proxy(bench: Bench, at: Listener) -> str:
    """Log in through the PROXY protocol (version 1), and return the last answer."""
    user = bench.login("alice@example.org")
    token = base64.b64encode(f"\0{user.address}\0{user.password}".encode()).decode()
    with socket.create_connection((str(at.address), at.endpoint.port), 10) as plain:
        plain.sendall(f"PROXY TCP4 {CLAIMED} {at.address} 40000 {at.endpoint.port}\r\n".encode())
        with (
            bench.context.wrap_socket(plain, server_hostname=at.endpoint.host) as wrapped,
            wrapped.makefile("rb") as lines,
        ):
            last = lines.readline()
            for command in LOGINS[at.endpoint.protocol.family]:
                wrapped.sendall(command.format(token=token).encode() + b"\r\n")
                last = lines.readline()
                while last[3:4] == b"-" or last.startswith(b"*"):
                    last = lines.readline()
            return last.decode().strip()


def _connects(at: Listener) -> str:
    try:
        socket.create_connection((str(at.address), at.endpoint.port), 3).close()
    except OSError as why:
        return type(why).__name__
    return "connected"


# A fleet: MX, store, backup MX.


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
        "known": _reply(partial(bench.inject, message, host="backup.")),
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


def unchanged(_site: Site) -> None:
    pass


@dataclass(frozen=True)
class Trial:
    """A spec, what is changed before it boots, and the experiments; some must not run at once."""

    experiments: tuple[Callable[[Bench], Any], ...]
    tamper: Callable[[Site], None] = unchanged
    signer: str = "opendkim"
    at_once: int = AT_ONCE


TRIALS = {
    "site": Trial(
        (
            *(extension, catch_all, forwarded, lost, undeliverable, delegation, privacy),
            *(rate_limit, through_provider, transport_security, own_parameter, attached),
        )
    ),
    "filter": Trial((lost, signed_twice, spam, learned, proxied), knowing_test_patterns, "rspamd"),
    "fleet": Trial((turned_away, outage), knowing_a_list, at_once=1),
}


def changed(loaded: Loaded, signer: str) -> Loaded:
    """Give the peer an enforced policy, and a user who may send for everybody."""
    loaded.data["domains"][peer.DOMAIN]["mta_sts"] = {"mode": "enforce"}
    anybody = {"smtpd_sender_login_maps": f"static:{PEER}"}
    loaded.data["plugins"] = {"dkim": {"signer": signer}, "postfix": {"main_cf": anybody}}
    return loaded


def boot(name: str, release: str) -> Bench:
    """Boot a trial's spec beside the changed peer."""
    trial, usual = TRIALS[name], peer.peer
    loaded = retargeted(load(SPECS / f"mailflow-{name}.yaml"), release)
    with patch.object(peer, "peer", lambda first: changed(usual(first), trial.signer)):
        lab = booting.boot(loaded, Renderer(), lambda _step: None, Journal(), trial.tamper)
    return Bench(lab, ssl.create_default_context(cafile=str(lab.authority_file)))


def observed(bench: Bench, experiment: Callable[[Bench], Any]) -> Any:
    """Return what an experiment saw, or what became of it and the log's word on that."""
    mark, begun = bench.lab.journal.mark(), time.monotonic()
    try:
        seen = experiment(bench)
    except Exception as why:
        seen = {"error": f"{type(why).__name__}: {why}"}
        seen["log"] = bench.lab.journal.explanation(mark)
    sys.stderr.write(f"{experiment.__name__}: {time.monotonic() - begun:.1f} s\n")
    return seen


def main(name: str, release: str) -> None:
    bench, trial = boot(name, release), TRIALS[name]
    with ThreadPoolExecutor(trial.at_once) as pool:
        seen = list(pool.map(partial(observed, bench), trial.experiments))
    names = [experiment.__name__ for experiment in trial.experiments]
    sys.stdout.write(json.dumps(dict(zip(names, seen, strict=True)), indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
