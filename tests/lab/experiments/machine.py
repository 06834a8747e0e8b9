"""Who gets the mail of machines: of local users and programs, and from outside at a host's name."""

from functools import partial
from typing import Any

from mailconf.lab.machine import Machine
from tests.lab.flow import NOBODY, PEER, Bench, letter, side_by_side, token_of

AS_WWW_DATA = ("setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", "sh", "-c")
LOCAL = (
    *("www-data", "root", "Root", "nobody+cron", "MAILER-DAEMON", "postmaster", "no-such-user"),
    *("root@localhost", "root@localhost.localdomain", "www-data@{short}", "root+x@{name}"),
)
"""Whom cron jobs and programs write to."""
TAKEN = ("postmaster@{name}", "PostMaster@{upper}", "abuse@{name}", "abuse+x@{name}", "postmaster")
REFUSED = (
    *("www-data@{name}", "root@{name}", "double-bounce@{name}", "x@localhost", "www-data"),
    *("x@localhost.localdomain", "x@{short}", "x@[127.0.0.1]", "x@[{address}]", "@{name}"),
    *("postmaster@[{address}]", "alice%mailconf-peer.example@{name}", "x@[IPv6:::1]"),
    *("postmaster+x%mailconf-peer.example@{name}", '"alice@mailconf-peer.example"@{name}'),
)


def local_users(bench: Bench) -> Any:
    """What a web server's user writes to whomever on any host; alice looks after all."""
    return {
        host.key: side_by_side(partial(_delivered, bench, bench.lab.machines[host.key]), LOCAL)
        for host in bench.lab.ours.build.spec.hosts.values()
        if host.is_mta
    }


def _names(bench: Bench, key: str) -> dict[str, str]:
    host = bench.lab.ours.build.spec.hosts[key]
    name, address = host.hostname, next(a for a in host.addresses)
    short = name.partition(".")[0]
    return {"name": name, "upper": name.upper(), "short": short, "address": str(address)}


def _hand_in(machine: Machine, recipient: str) -> str:
    """Hand a message in as cron does; return the word in its subject."""
    token = token_of(letter(PEER, PEER))
    mail = f"printf 'Subject: {token}\\n\\n{token}\\n' | sendmail -i '{recipient}'"
    done = machine.run(*AS_WWW_DATA, mail)
    assert not done.status, done
    return token


def _delivered(bench: Bench, machine: Machine, recipient: str) -> str:
    token = _hand_in(machine, recipient.format(**_names(bench, machine.name)))
    told = bench.arrives("alice@example.org", "header", "Subject", token)
    return f"{recipient} from {told['sender'].partition('@')[0]}"


def bounced(bench: Bench) -> Any:
    """What a local user sends to nobody comes back to who looks after the machine."""
    found = {}
    for host in bench.lab.ours.build.spec.hosts.values():
        if host.is_mta:
            token = _hand_in(bench.lab.machines[host.key], NOBODY)
            query = ("from", "MAILER-DAEMON", "text", token)
            found[host.key] = bool(bench.arrives("alice@example.org", *query))
    return found


def strangers(bench: Bench) -> Any:
    """What a stranger is told at RCPT, and a user who has logged in."""
    found = {}
    for host in bench.lab.ours.build.spec.hosts_with("mx", "backup-mx"):
        names = _names(bench, host.key)
        ask = partial(_asked, bench, f"{host.hostname.partition('.')[0]}.", names)
        asked = (*TAKEN, *REFUSED)
        found[host.key] = dict(zip(asked, side_by_side(ask, asked), strict=True))
    return found


def users(bench: Bench) -> Any:
    """What a user who has logged in is told about local users of the host."""
    name = bench.lab.ours.build.spec.hosts_with("mx")[0].hostname
    said = partial(bench.says, "MAIL FROM:<alice@example.org>", user="alice@example.org")
    return {who: said(f"RCPT TO:<{who}@{name}>") for who in ("postmaster", "abuse", "www-data")}


def _asked(bench: Bench, host: str, names: dict[str, str], recipient: str) -> str:
    rcpt = f"RCPT TO:<{recipient.format(**names)}>"
    return bench.says("MAIL FROM:<>", rcpt, host=host)
