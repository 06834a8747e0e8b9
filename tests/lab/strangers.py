"""What strangers and users may not do where each task has a machine of its own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from mailconf.engine.load import Loaded, load, retargeted
from mailconf.lab import mail, peer
from mailconf.lab.mail import Login
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT
from mailconf.model.endpoint import EndpointAddress
from tests.lab.flow import Bench, letter, side_by_side, until

SPECS = Path(__file__).parent / "specs"
PEOPLE, CROWD_SECONDS = 1500, 90.0
ALICE, SMALL = "alice@example.org", "small@example.org"
LOCAL = (
    "alice@[{v4}]",
    "alice@[IPv6:{v6}]",
    "alice%[{v4}]@[{v4}]",
    "double-bounce@{name}",
    "x@localhost",
    "x@[127.0.0.1]",
    "x@[IPv6:::1]",
)
ROUTED = (
    f"peer%{peer.DOMAIN}@example.org",
    f"peer%{peer.DOMAIN}@[127.0.0.1]",
    f"@example.org:peer@{peer.DOMAIN}",
    f"{peer.DOMAIN}!peer@example.org",
    "nobody-at-all@example.org",
)
LINE, QUOTA = b"x" * 70 + b"\r\n", 2**20
GUESSES, GUESS_SECONDS, AT_ONCE, PATIENCE = 60, 50.0, 30, 5
Seen = dict[str, Any]


def spec(release: str) -> Loaded:
    found = retargeted(load(SPECS / "abuse.yaml"), release)
    domain = found.data["domains"]["example.org"]
    people = [f"m{number}" for number in range(PEOPLE)]
    domain["mailboxes"] |= {name: {} for name in people}
    domain["aliases"]["crowd"] = people
    return found


def backscatter(bench: Bench) -> Seen:
    """Ask every host that listens for recipients that only look like somebody."""
    seen = {}
    for key in ("mx", "backup", "sub", "out"):
        host = bench.lab.ours.hosts[key].host
        v4, v6 = (next((str(a) for a in host.addresses if a.version == v), "") for v in (4, 6))
        local = [
            text.format(v4=v4, v6=v6, name=host.hostname)
            for text in LOCAL
            if v6 or "v6" not in text
        ]
        asked = [*local, *(() if key == "out" else ROUTED)]
        replies = side_by_side(partial(_reply, bench, key), asked)
        seen[key] = dict(zip(asked, replies, strict=True))
    return seen


def _reply(bench: Bench, key: str, recipient: str) -> str:
    """Return the answer to a stranger, and on the relay to a host of ours."""
    source = "mx" if key == "out" else peer.KEY
    commands = ("MAIL FROM:<>", f"RCPT TO:<{recipient}>")
    say = partial(mail.dialogue, _smtp(bench, key), bench.context, peer.HOSTNAME, commands, None)
    return str(on_network_of(source, say))


def _smtp(bench: Bench, key: str) -> EndpointAddress:
    host = bench.lab.ours.hosts[key].host
    if key == "sub":
        return bench.at("submission")
    if key == "out":
        mx = bench.at("smtp", "mx.")
        point = replace(mx.endpoint, host=host.hostname)
        return replace(mx, endpoint=point, address=host.addresses[0])
    return bench.at("smtp", host.hostname)


def full(bench: Bench) -> Seen:
    """Fill a mailbox, then write to it, to aliases of it and to a list that it is in."""
    fill = partial(
        mail.pour,
        bench.at("smtp", "mx."),
        bench.context,
        peer.HOSTNAME,
        (f"MAIL FROM:<{peer.USER}>", f"RCPT TO:<{SMALL}>"),
        mail.HEAD + LINE * (QUOTA // len(LINE) + 100),
    )
    on_network_of(peer.KEY, fill)
    until(lambda: bench.letters(SMALL, "all"))
    names = ("small", "one", "one-of-one", "some", "bob")
    envelopes = {n: (f"MAIL FROM:<{peer.USER}>", f"RCPT TO:<{n}@example.org>") for n in names}
    replies = {name: bench.says(*commands) for name, commands in envelopes.items()}
    some = letter(peer.USER, "some@example.org")
    bench.inject(some)
    got = {user: bool(bench.received(user, some)) for user in ("bob@example.org", SMALL)}
    return {
        "replies": replies,
        "got": got,
        "from the backup": str(
            on_network_of("backup", partial(_as_backup, bench, envelopes["small"]))
        ),
        "bounces": len(bench.letters(peer.USER, "from", "MAILER-DAEMON")),
    }


def _as_backup(bench: Bench, commands: tuple[str, ...]) -> str:
    at = bench.at("smtp", "mx.")
    return str(mail.dialogue(at, bench.context, "backup.example.org", commands, None))


def crowd(bench: Bench) -> int:
    """Write to an alias of 1,500, and count the mailboxes that get it."""
    bench.inject(letter(peer.USER, "crowd@example.org"))
    count = "ls /var/vmail/example.org/m*/Maildir/new/* | wc -l"

    def arrived() -> list[int]:
        number = int(bench.lab.machines["store"].run("sh", "-c", count).output)
        return [number] if number == PEOPLE else []

    return until(arrived, CROWD_SECONDS)[0]


def guessing(bench: Bench) -> Seen:
    """Guess at the submission host from one address, while a user logs in from another."""
    at = bench.at("submission")
    begun = time.monotonic()

    def guess(number: int) -> float:
        pause = begun + number * GUESS_SECONDS / GUESSES - time.monotonic()
        time.sleep(max(0.0, pause))  # the rate is what is tried
        return _login_seconds(bench, at, Login(ALICE, f"wrong {number}"), peer.KEY)[0]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        guesses = [pool.submit(guess, number) for number in range(GUESSES)]
        right = []
        while not all(one.done() for one in guesses):
            right.append(_login_seconds(bench, at, bench.login(ALICE), CLIENT))
            time.sleep(1)
    return {
        "seconds": time.monotonic() - begun,
        "right": right,
        "wrong": [one.result() for one in guesses],
        "right, after guesses": _login_seconds(bench, at, bench.login(ALICE), peer.KEY),
    }


def _login_seconds(
    bench: Bench, at: EndpointAddress, login: Login, source: str
) -> tuple[float, str]:
    begun = time.monotonic()
    try:
        say = partial(mail.dialogue, at, bench.context, "client", ("NOOP",), login)
        told = str(on_network_of(source, say))
    except Exception as why:
        told = f"{type(why).__name__}: {why}"
    return time.monotonic() - begun, told


EXPERIMENTS: dict[str, Callable[[Bench], Any]] = {
    "backscatter": backscatter,
    "full": full,
    "crowd": crowd,
    "guessing": guessing,
}
