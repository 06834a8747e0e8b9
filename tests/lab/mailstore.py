"""What users of the mail store rely on: stable POP3, folders, quota, Sieve, search, certificates."""

import time
import zlib
from typing import Any

from mailconf.lab import mail, retrieval
from mailconf.lab.peer import USER as PEER_USER
from mailconf.lab.roundtrip import listeners
from tests.lab.bench import Bench, Sieve, certificate_names, letter, says

FILING = """require ["fileinto", "mailbox", "vacation"];
if header :contains "Subject" "sorted-own" {
    fileinto :create "Own";
    stop;
}
if header :contains "Subject" "away" {
    vacation :days 1 :subject "labvacation" "I am away.";
}
if header :contains "Subject" "sorted-elsewhere" {
    redirect "peer@mailconf-peer.example";
    stop;
}
"""
ADDRESSES = {"example.org": "mail.example.org", "example.net": "imap.example.net"}


def pop3_leaves_on_server(bench: Bench) -> dict[str, Any]:
    """Read in two sessions without deleting, then delete."""
    for token in ("labpop1x", "labpop2x"):
        bench.deliver(letter("carol@example.org", token))
        bench.read(bench.login("carol@example.org"), token)
    seen: dict[str, Any] = {}
    for session in ("first", "second", "third"):
        client = bench.pop3("carol@example.org")
        seen[session] = [line.decode() for line in client.uidl()[1]]
        client.retr(1)
        if session == "second":
            client.dele(1)
        client.quit()
    return seen


def imap_offers(bench: Bench) -> dict[str, Any]:
    """Ask what is offered after the login, and use it."""
    with bench.imap("bob@example.org") as client:
        offered = client.capability()[1][0].decode()
        folders = "\n".join(client.names())
        quota = says(client, "GETQUOTAROOT INBOX")
        special = says(client, 'LIST (SPECIAL-USE) "" "*"')
        compressing = says(client, "COMPRESS DEFLATE")
        deflate, inflate = zlib.compressobj(wbits=-15), zlib.decompressobj(wbits=-15)
        client.send(deflate.compress(b"Z1 NOOP\r\n") + deflate.flush(zlib.Z_SYNC_FLUSH))
        compressed = inflate.decompress(client.sock.recv(4096)).decode()
        client.sock.close()
        client.state = "LOGOUT"
    return {
        "offered": offered,
        "folders": folders,
        "quota": quota,
        "special": special,
        "compressing": compressing,
        "compressed": compressed,
    }


def scripts_sort(bench: Bench) -> dict[str, Any]:
    """Upload a script, then send what the site's and the user's own scripts file away."""
    sieve = Sieve(bench, bench.login("bob@example.org"))
    sieve.put("own", FILING)
    listed = sieve.say("LISTSCRIPTS")
    sieve.close()
    words = {"First": "sorted-first", "Own": "sorted-own", "Last": "sorted-last"}
    for word in words.values():
        bench.deliver(letter("bob@example.org", word))
    with bench.imap("bob@example.org") as client:
        filed = {folder: bench.turns_up(client, folder, word) for folder, word in words.items()}
    return {"offered": sieve.offered, "listed": listed, **filed}


def scripts_send(bench: Bench) -> dict[str, Any]:
    """Let a script answer and redirect, and read at the peer how that was judged."""
    theirs = bench.lab.theirs
    reader = mail.Login(PEER_USER, theirs.passwords[PEER_USER])
    away = mail.compose(PEER_USER, "bob@example.org", "away")
    on = next(iter(listeners(theirs, "submission")))
    mail.submit(on, bench.context, reader, away)
    elsewhere = mail.compose(PEER_USER, "bob@example.org", "sorted-elsewhere")
    mail.submit(on, bench.context, reader, elsewhere)
    at = next(iter(listeners(theirs, "imap")))
    seen: dict[str, Any] = {}
    end = time.monotonic() + 15
    while len(seen) < 2 and time.monotonic() < end:
        with retrieval.Imap(at, bench.context) as client:
            client.login(reader.address, reader.password)
            client.select("INBOX", readonly=True)
            for word in ("labvacation", "sorted-elsewhere"):
                numbers = client.search(None, "SUBJECT", word)[1][0].split()
                if numbers:
                    parts = client.fetch(numbers[-1].decode(), "(BODY.PEEK[HEADER])")[1]
                    seen[word] = parts[0][1].decode() if isinstance(parts[0], tuple) else ""
        time.sleep(0.2)
    return seen


def search_finds(bench: Bench) -> dict[str, Any]:
    """Deliver a word in a body, search it, and look for the index."""
    body = "The word is pumpernickelquark, and Grüße.\n"
    bench.deliver(letter("carol@example.org", "labsearchx", body))
    bench.read(bench.login("carol@example.org"), "labsearchx")
    with bench.imap("carol@example.org") as client:
        client.select("INBOX")
        found = client.search(None, "TEXT", "pumpernickelquark")[1][0].decode()
        body_found = client.search(None, "BODY", "pumpernickelquark")[1][0].decode()
        nothing = client.search(None, "TEXT", "liverwurst")[1][0].decode()
    home = bench.host.root / "var/vmail/example.org/carol"
    files = [str(path.relative_to(home)) for path in home.rglob("*") if "fts" in str(path)]
    return {"found": found, "body": body_found, "nothing": nothing, "files": files}


def last_login_is_kept(bench: Bench) -> dict[str, Any]:
    """Log in by IMAP and by POP3, then read the file."""
    bench.imap("alice@example.org").logout()
    bench.pop3("carol@example.org").quit()
    time.sleep(0.5)
    vmail = bench.host.root / "var/vmail/example.org"
    files = {name: vmail / name / "last-login" for name in ("alice", "carol", "bob")}
    return {name: file.read_text() if file.exists() else "" for name, file in files.items()}


def certificates_by_name(bench: Bench) -> dict[str, Any]:
    """Ask for each name on each port that users connect to, and for none that is known."""
    ehlo = (b"EHLO client.example.org\r\n", b"STARTTLS\r\n")
    return {
        f"{name} {port}": certificate_names(bench.address, port, name, bench.context, say)
        for name in ADDRESSES.values()
        for port, say in ((993, ()), (995, ()), (465, ()), (587, ehlo), (25, ehlo), (4190, SIEVE))
    }


SIEVE = (b"STARTTLS\r\n",)
EXPERIMENTS = {
    "pop3": pop3_leaves_on_server,
    "imap": imap_offers,
    "scripts": scripts_sort,
    "scripts send": scripts_send,
    "search": search_finds,
    "last login": last_login_is_kept,
    "certificates": certificates_by_name,
}
