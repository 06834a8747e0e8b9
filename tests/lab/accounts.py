"""Accounts that the spec does not know: from a database, from a directory, by token."""

import base64
import hashlib
import http.server
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mailconf.engine.merge import overlay
from mailconf.lab import mail
from mailconf.lab.mail import Login
from mailconf.lab.network import on_network_of
from mailconf.lab.site import Site
from tests.lab.bench import HOST, STRANGER, Bench, Imap, letter
from tests.plugins.rendering import on_target, options, rendered

DATABASE = "/var/lib/mail-accounts.sqlite"
SOMEBODY = Login("erin@example.org", "a password of the lab")
QUERIES = {
    "password_query": "SELECT password FROM users WHERE name = '%{user}'",
    "user_query": "SELECT 1 FROM users WHERE name = '%{user}'",
}
TOKEN, PORT = "token-of-alice", 8090
CONFIG = ("/etc/dovecot/dovecot.conf", "/etc/dovecot/dovecot-oauth2.conf.ext")


def with_database(site: Site) -> None:
    """Fill the database before the daemons start, and name a judge of tokens that there is."""
    digest = hashlib.sha256(SOMEBODY.password.encode() + b"salt").digest()
    password = "{SSHA256}" + base64.b64encode(digest + b"salt").decode()
    sql = (
        "CREATE TABLE users (address TEXT PRIMARY KEY, password TEXT NOT NULL);"
        f"INSERT INTO users VALUES ('{SOMEBODY.address}', '{password}');"
    )
    host = site.hosts[HOST]
    host.prepare.append(("sqlite3", DATABASE, sql))
    for path in CONFIG:
        if path in host.files:
            lines = host.files[path].text.splitlines(keepends=True)
            host.files[path].text = "".join(map(_with_judge, lines))


def _with_judge(line: str) -> str:
    name, equals, _ = line.partition("=")
    is_url = name.strip() == "introspection_url"
    return f"{name}{equals} http://127.0.0.1:{PORT}/judge\n" if is_url else line


class Judge(http.server.BaseHTTPRequestHandler):
    """Introspection (RFC 7662) of the one token that is good."""

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        token = {**parse_qs(urlsplit(self.path).query), **parse_qs(asked)}.get("token", [""])[0]
        good = token == TOKEN
        told = {"active": True, "email": "alice@example.org"} if good else {"active": False}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def accounts_of_the_database(bench: Bench) -> dict[str, Any]:
    """Receive, log in, send; and be refused when unknown."""
    known = f"RCPT TO:<{SOMEBODY.address}>"
    unknown = "RCPT TO:<nobody-at-all@example.org>"
    say = f"MAIL FROM:<{STRANGER}>"
    seen: dict[str, Any] = {
        "known": bench.strangers_say(say, known),
        "with extension": bench.strangers_say(say, "RCPT TO:<erin+news@example.org>"),
        "of the spec": bench.strangers_say(say, "RCPT TO:<alice@example.org>"),
        "alias": bench.strangers_say(say, "RCPT TO:<postmaster@example.org>"),
        "unknown": bench.strangers_say(say, unknown),
    }
    token = "labsqlx"
    if seen["known"].startswith("2"):
        bench.deliver(letter(SOMEBODY.address, token))
        seen["arrived"] = bench.read(SOMEBODY, token) is not None
    with Imap(bench.hostname, bench.address, bench.context) as client:
        seen["login"] = client.login(SOMEBODY.address, SOMEBODY.password)[0]
    try:
        bench.submit(SOMEBODY, mail.compose(SOMEBODY.address, "alice@example.org", "labsqlsent"))
        seen["sent"] = "accepted"
    except OSError as why:
        seen["sent"] = str(why)
    try:
        bench.submit(
            bench.login("alice@example.org"),
            mail.compose("alice@example.org", "peer@mailconf-peer.example", "labout"),
        )
        seen["alice to the peer"] = "accepted"
    except OSError as why:
        seen["alice to the peer"] = str(why)
    return seen


def passwords_are_judged(bench: Bench) -> dict[str, int]:
    """Ask the server itself: over the network each failure makes the next answer later."""
    alice = bench.login("alice@example.org")
    pairs = {
        "right, in the database": (SOMEBODY.address, SOMEBODY.password),
        "right, in the spec": (alice.address, alice.password),
        "wrong, in the database": (SOMEBODY.address, "wrong"),
        "wrong, in the spec": (alice.address, "wrong"),
        "of nobody": ("nobody-at-all@example.org", "wrong"),
    }
    with ThreadPoolExecutor(len(pairs)) as pool:
        ask = [
            pool.submit(bench.host.run, "doveadm", "auth", "test", "--", *p) for p in pairs.values()
        ]
        return {name: done.result().status for name, done in zip(pairs, ask, strict=True)}


def mail_lies_in_sdbox(bench: Bench) -> dict[str, Any]:
    """Deliver to a mailbox of the spec, and look at the files."""
    bench.deliver(letter("bob@example.org", "labsdboxx"))
    arrived = bench.read(bench.login("bob@example.org"), "labsdboxx") is not None
    home = bench.host.root / "var/vmail/example.org/bob"
    return {"arrived": arrived, "files": [str(p.relative_to(home)) for p in home.rglob("u.*")]}


def logins_with_tokens(bench: Bench) -> dict[str, str]:
    """Log in with a good token, with a bad one, and with a good one as somebody else."""
    server = on_network_of(HOST, lambda: http.server.HTTPServer(("127.0.0.1", PORT), Judge))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen = {}
    # After a failure an address waits longer and longer, so each failure has its own.
    one, other = map(str, bench.site.hosts[HOST].host.addresses)
    cases = {
        "good": (one, "alice@example.org", TOKEN),
        "bad": (one, "alice@example.org", "some other token"),
        "of another": (other, "bob@example.org", TOKEN),
    }
    for name, (address, user, token) in cases.items():
        with Imap(bench.hostname, address, bench.context) as client:
            bearer = f"n,a={user},\x01host=x\x01port=993\x01auth=Bearer {token}\x01\x01"
            said = base64.b64encode(bearer.encode()).decode()
            client.send(f"X9 AUTHENTICATE OAUTHBEARER {said}\r\n".encode())
            line = client.readline().decode().strip()
            while not line.startswith("X9 "):
                if line.startswith("+"):
                    client.send(b"AQ==\r\n")
                line = client.readline().decode().strip()
            seen[name] = line
    server.shutdown()
    server.server_close()
    return seen


def is_accepted_by_the_checkers(bench: Bench) -> dict[str, Any]:
    """Run the checkers that the lab runs on every spec."""
    seen = {}
    for _service, checker in bench.site.hosts[HOST].checkers:
        done = bench.host.run(*checker.command)
        seen[" ".join(checker.command)] = f"{done.status} {done.errors}"
    return seen


def drivers_are_accepted_by_doveconf(bench: Bench) -> dict[str, str]:
    """Show doveconf the configuration for a database elsewhere; no other checker knows these."""
    seen = {}
    for driver in ("mysql", "pgsql"):
        asked = {"driver": driver, "host": "db.example.org", "dbname": "mail", **QUERIES}
        site = rendered(overlay(options("dovecot", sql=asked), on_target(bench.host.target.name)))
        (bench.host.root / "tmp/dovecot.conf").write_text(site.text("etc/dovecot/dovecot.conf"))
        done = bench.host.run("doveconf", "-n", "-c", "/tmp/dovecot.conf")
        seen[driver] = f"{done.status} {done.errors}"
    return seen


EXPERIMENTS = {
    "checkers": is_accepted_by_the_checkers,
    "drivers": drivers_are_accepted_by_doveconf,
    "database": accounts_of_the_database,
    "passwords": passwords_are_judged,
    "sdbox": mail_lies_in_sdbox,
    "tokens": logins_with_tokens,
}
