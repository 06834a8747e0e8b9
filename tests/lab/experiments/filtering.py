"""One host with rspamd."""

import imaplib
import re
from functools import partial
from typing import Any

from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT
from mailconf.lab.site import Site
from tests.lab.flow import PEER, Bench, letter, reply, token_of, until

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
    answer = reply(partial(bench.inject, refused))
    return {"marked": reply(partial(bench.inject, marked))} | {
        "refused": answer,
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
