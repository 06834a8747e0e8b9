"""Who writes as whom, on a site whose daemons run; the first process of a lab's namespaces.

`python -m tests.lab.identity SIGNER RELEASE` prints what was observed, by experiment.
"""

import json
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from functools import partial
from typing import Any

from mailconf.engine.load import Loaded, load, retargeted
from mailconf.engine.render import Renderer
from mailconf.lab import peer
from mailconf.lab.boot import boot
from mailconf.lab.errors import BootError
from mailconf.lab.log import LabLog
from mailconf.lab.machine import Machine
from mailconf.lab.mail import Smtp
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT
from mailconf.model.endpoint import EndpointAddress, Security
from tests.lab.authors import forms
from tests.lab.features import SPECS, failures_kept
from tests.lab.flow import PEER, Bench, letter, token_of, until

ODD_FORMS, DATE = 120, "Sun, 29 Nov 2026 10:00:00 +0000"
ALICE, BOB, CAROL = "alice@example.org", "bob@example.org", "carol@open.example"
NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "sh", "-c")


def with_script(bench: Bench, owner: str, script: str) -> None:
    machine = bench.lab.machines["mail"]
    put = f"printf '%s' '{script}' | doveadm sieve put -a -u {owner} tried"
    done = machine.run("sh", "-c", put)
    assert done.status == 0, done.errors


def without_script(bench: Bench, owner: str) -> None:
    bench.lab.machines["mail"].run("doveadm", "sieve", "deactivate", "-u", owner)


def redirects(bench: Bench, author: str, submitted: bool) -> dict[str, Any]:
    """Have alice's script redirect a message to the peer; return what the peer received."""
    with_script(bench, ALICE, f'redirect "{PEER}";')
    message = letter(author, ALICE)
    try:
        if submitted:
            bench.submit(author, message)
        else:
            bench.inject(message)
        found = bench.received(PEER, message)
    finally:
        without_script(bench, ALICE)
    return {"signed": "d=open.example" in found["text"], "results": found["results"]}


def redirects_refused(bench: Bench, author: str) -> dict[str, Any]:
    """Forge mail, its sender as well, that alice's script redirects; return the milter's line, and how alice has the mail."""
    with_script(bench, ALICE, f'redirect "{PEER}";')
    message = letter(author, ALICE)
    mark = bench.lab.journal.mark()
    try:
        bench.inject(message, sender=author)

        def look() -> list[str]:
            texts = [entry.text for entry in bench.lab.journal.since(mark)]
            return [text for text in texts if "mailconf-originators" in text]

        return {"said": until(look)[-1], "kept": bench.received(ALICE, message)["results"]}
    finally:
        without_script(bench, ALICE)


def answers(bench: Bench, script: str, to: str = ALICE, sender: str = PEER) -> str:
    """Have alice's script answer the peer; return the line of the log that says what came of it."""
    with_script(bench, ALICE, script)
    message = letter(PEER, to)
    mark = bench.lab.journal.mark()
    try:
        submit(bench, message, sender)

        def look() -> list[str]:
            texts = [entry.text for entry in bench.lab.journal.since(mark)]
            return [t for t in texts if "mailconf-originators" in t or "sent vacation" in t]

        return until(look)[-1]
    finally:
        without_script(bench, ALICE)


def submit(bench: Bench, message: EmailMessage, sender: str) -> None:
    """Send as the peer's user, to alice whatever To: says; `sender` is that of the envelope."""
    at, login = bench.at("submission", site=bench.lab.theirs), bench.login(PEER)

    def send() -> None:
        with Smtp(at, bench.context, "client.mailconf-lab.example") as client:
            if at.endpoint.security is Security.STARTTLS:
                client.starttls(context=bench.context)
            client.login(login.address, login.password)
            client.send_message(message, from_addr=sender, to_addrs=[ALICE])

    on_network_of(CLIENT, send)


def traces(bench: Bench) -> str:
    """Let a stranger forge what only this site writes; return the message as alice has it."""
    message = letter(
        PEER,
        ALICE,
        X_Spam="Yes",
        X_Spam_Status="No, (forged)",
        Received_SPF="Pass (forged)",
        Authentication_Results="mail.example.org; dmarc=pass header.from=forged.example",
        ARC_Authentication_Results="i=1; mail.example.org; dmarc=pass header.from=forged.example",
    )
    bench.submit(PEER, message)
    return str(bench.received(ALICE, message)["text"])


def sendmail(bench: Bench, sender: str, author: str) -> str:
    """Send from a local account; return what became of it: refused, bounced, or what the peer found."""
    message = letter(author, PEER)
    text = f"From: {author}\\nTo: {PEER}\\nMessage-ID: {message['Message-ID']}\\n\\nx\\n"
    option = f"-f '{sender}' " if sender else ""
    mark = bench.lab.journal.mark()
    command = f"printf '{text}' | /usr/sbin/sendmail -i {option}'{PEER}'"
    if bench.lab.machines["mail"].run(*NOBODY, command).status:
        return "refused"

    def look() -> list[str]:
        texts = [e.text for e in bench.lab.journal.since(mark)]
        numbers = [t.split(": ")[1] for t in texts if f"message-id=<{token_of(message)}" in t]
        return [t for t in texts if numbers and numbers[0] in t and "status=" in t]

    if "status=bounced" in until(look)[0]:
        return "bounced"
    return " ".join(bench.received(PEER, message)["results"])


TALK = """
import socket
s = socket.socket()
s.bind(("{source}", {port}))
s.connect(("127.0.0.1", 10027))
f = s.makefile("rb")
f.readline()
for line in ("EHLO x", "MAIL FROM:<{author}>", "RCPT TO:<{peer}>", "DATA"):
    s.sendall(line.encode() + b"\\r\\n")
    while f.readline()[3:4] == b"-": pass
s.sendall(b"From: {author}\\r\\n\\r\\nx\\r\\n.\\r\\n")
print(f.readline().decode())
"""
HOLD = """
import socket, sys
s = socket.socket()
s.bind(("127.0.0.1", {port}))
s.connect(("127.0.0.1", 10027))
print("held", flush=True)
sys.stdin.read()
"""
PORT = 20_027


BOTH = """
import subprocess, sys
pipe = subprocess.PIPE
hold = subprocess.Popen(["python3", "-c", sys.argv[1]], user="vmail", stdin=pipe, stdout=pipe)
hold.stdout.readline()
tried = subprocess.run(["python3", "-c", sys.argv[2]], user="nobody", stdout=pipe, text=True)
hold.stdin.close()
print(tried.stdout)
"""


def talk(source: str = "127.0.0.1", port: int = 0) -> str:
    """Return a program that speaks to the service for Sieve, and prints the reply to a message."""
    return TALK.format(source=source, port=port, author=ALICE, peer=PEER)


def talks(bench: Bench) -> str:
    """Speak to the service as a local account that is not the mail store's."""
    done = bench.lab.machines["mail"].run(*NOBODY[:-2], "python3", "-c", talk())
    return done.output or done.errors.splitlines()[-1]


@contextmanager
def unfiltered(bench: Bench) -> Iterator[Machine]:
    """Let every local account connect: then the milter has to tell them apart."""
    machine = bench.lab.machines["mail"]
    assert machine.run("nft", "flush", "chain", "inet", "mailconf", "output").status == 0
    try:
        yield machine
    finally:
        assert machine.run("nft", "-f", "/etc/nftables.conf").status == 0


def talks_unfiltered(bench: Bench) -> str:
    with unfiltered(bench):
        return talks(bench)


def impersonates(bench: Bench) -> str:
    """Speak to the service from the port that the mail store has, at another loopback address."""
    hold, tried = HOLD.format(port=PORT), talk("127.0.0.2", PORT)
    with unfiltered(bench) as machine:
        return machine.run("python3", "-c", BOTH, hold, tried).output.strip()


def to_root(bench: Bench) -> list[int]:
    """Write to local users by SMTP as programs do; return the codes of the replies."""
    script = (
        "import smtplib; s = smtplib.SMTP('localhost'); s.ehlo(); s.mail('nobody@mail.example.org')\n"
        "print(*(s.rcpt(to)[0] for to in ('root', 'root@localhost', 'root@mail', 'x@nowhere.invalid')))"
    )
    done = bench.lab.machines["mail"].run(*NOBODY[:-2], "python3", "-c", script)
    return [int(word) for word in done.output.split()]


def forwards(bench: Bench) -> list[str]:
    """Have alice's script redirect the peer's mail back to it; return what the peer found."""
    with_script(bench, ALICE, f'redirect "{PEER}";')
    message = letter(PEER, ALICE)
    try:
        submit(bench, message, PEER)
        results: list[str] = bench.received(PEER, message)["results"]
        return results
    finally:
        without_script(bench, ALICE)


def odd_authors(bench: Bench) -> dict[str, str]:
    """Write in alice's name, whose domain rejects forged mail; return the reply to each form."""
    found = {}
    at = bench.at("smtp")
    for field in forms(ALICE, ODD_FORMS):
        text = f"From: {field}\r\nTo: <{BOB}>\r\nSubject: x\r\nDate: {DATE}\r\n\r\nx\r\n"
        send = partial(_reply, at, bench.context, text.encode())
        found[field] = on_network_of(peer.KEY, send)
    return found


SIGNED = "DKIM-Signature: v=1; a=rsa-sha256; d=mailconf-peer.example; bh=x=; h=From;\r\n {}\r\n"
TAGS = (
    "s=lab; b=x=; i==22x=22=3B=20dkim=3Dpass=20header.d=3Dexample.org@mailconf-peer.example",
    "s==header.d=example.org; b=x=; i=@mailconf-peer.example",
    "s=lab; b=x=; i=.header.d=3Dexample.org..body.b=3Dy@mailconf-peer.example",
    "s=lab; b=x==header.d=example.org; i=@mailconf-peer.example",
    "s=lab; b=x=; i=x header.d=\r\n AB.example.org header.b=\r\n AB@s.mailconf-peer.exampl=65=A ",
)
STRANGERS = {
    "two domains in the sender": (peer.HOSTNAME, '"x@example.org"@mailconf-peer.example', ""),
    "an apostrophe and two domains": (peer.HOSTNAME, "x'@example.org'@mailconf-peer.example", ""),
    "a comma in the HELO name": ("example.org,.mailconf-peer.example", "", ""),
    "an at sign in the HELO name": ("example.org,@mailconf-peer.example", "", ""),
    **{tags: (peer.HOSTNAME, peer.STRANGER, SIGNED.format(tags)) for tags in TAGS},
}
"""HELO name, sender and a field by which OpenDMARC took a stranger for example.org."""


def odd_strangers(bench: Bench) -> dict[str, str]:
    """Write in alice's name, whose domain rejects forged mail; return the replies."""
    found, at = {}, bench.at("smtp")
    for name, (hello, sender, field) in STRANGERS.items():
        text = f"{field}From: {ALICE}\r\nTo: <{BOB}>\r\nSubject: x\r\nDate: {DATE}\r\n\r\nx\r\n"
        send = partial(_reply, at, bench.context, text.encode(), hello, sender)
        found[name] = on_network_of(peer.KEY, send)
    return found


def _reply(
    at: EndpointAddress,
    context: ssl.SSLContext,
    text: bytes,
    hello: str = peer.HOSTNAME,
    sender: str = peer.STRANGER,
) -> str:
    with Smtp(at, context, hello) as client:
        client.ehlo_or_helo_if_needed()
        client.docmd(f"MAIL FROM:<{sender}>")
        client.rcpt(BOB)
        code, said = client.data(text)
        return f"{code} {said.decode()}"


def vacation(arguments: str) -> str:
    return f'require ["vacation"]; vacation :days 1 {arguments};'


def notify(author: str, fields: str = "") -> str:
    return (
        f'require ["enotify"]; notify :from "{author}" :message "x" "mailto:{PEER}?body=x{fields}";'
    )


EXPERIMENTS: dict[str, Callable[[Bench], Any]] = {
    "redirect of forged": partial(redirects, author=CAROL, submitted=False),
    "redirect in a name that nobody has": partial(redirects_refused, author="ceo@open.example"),
    "redirect in a user's name": partial(redirects_refused, author=CAROL),
    "redirect of genuine": partial(redirects, author=CAROL, submitted=True),
    "vacation from another": partial(answers, script=vacation(f':from "{BOB}" "x"')),
    "vacation for another": partial(answers, script=vacation(f':addresses "{BOB}" "x"'), to=BOB),
    "vacation in MIME": partial(answers, script=vacation(f':mime "From: {BOB}"')),
    "vacation from an alias": partial(
        answers, script=vacation(':handle "own" :from "Info <info@example.org>" "x"')
    ),
    "notify from another": partial(answers, script=notify(BOB)),
    "notify of a bounce": partial(answers, script=notify("root@mail.example.org"), sender=""),
    "notify of a bounce as redirected": partial(
        answers, script=notify("ceo@example.org", "&X-Sieve-Redirected-From=x"), sender=""
    ),
    "forged traces": traces,
    "odd authors": odd_authors,
    "odd strangers": odd_strangers,
    "program as the machine": partial(sendmail, sender="", author="nobody@mail.example.org"),
    "program as it may": partial(sendmail, sender="app@example.org", author="app@example.org"),
    "program in another envelope": partial(sendmail, sender=BOB, author="app@example.org"),
    "program with another author": partial(sendmail, sender="app@example.org", author=BOB),
    "program as a domain that only sends": partial(
        sendmail, sender="app@news.example.org", author="app@news.example.org"
    ),
    "program with an extension": partial(
        sendmail, sender="app+b1@example.org", author="app+b1@example.org"
    ),
    "program to local users": to_root,
    "redirect of foreign": forwards,
    "account at the service for Sieve": talks,
    "account past the packet filter": talks_unfiltered,
    "account with the port of the store": impersonates,
}


def loaded(signer: str, release: str) -> Loaded:
    found = retargeted(load(SPECS / "identity.yaml"), release)
    for domain in found.data["domains"].values():
        domain["dkim"] = {"selectors": {"lab": {"state": "active"}}}
    found.data["plugins"]["dkim"] = {"signer": signer}
    return found


def main(signer: str, release: str) -> None:
    journal = LabLog()
    try:
        lab = boot(loaded(signer, release), Renderer(), lambda _step: None, journal)
    except BootError as why:
        sys.exit(f"boot: {why}")
    context = ssl.create_default_context(cafile=str(lab.authority_file))
    bench, seen = Bench(lab, context), dict[str, Any]()
    for name, tried in EXPERIMENTS.items():
        with failures_kept(seen, name):
            seen[name] = tried(bench)
    json.dump(seen, sys.stdout)
    for entry in journal.since(0):
        print(entry, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
