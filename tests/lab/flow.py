"""A lab that is up, and what experiments on mail flow do in it."""

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage
from functools import partial
from itertools import count
from typing import Any, TypeVar

from mailconf.lab import mail, peer
from mailconf.lab.lab import Lab
from mailconf.lab.mail import Login
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT, listeners
from mailconf.lab.site import Site
from mailconf.model.endpoint import EndpointAddress

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

    def at(self, what: str, host: str = "", site: Site | None = None) -> EndpointAddress:
        """Return a listener that everybody may connect to, over IPv4."""
        found = listeners(site or self.lab.ours, what)
        return next(
            at for at in found if at.endpoint.host.startswith(host) and at.address.version == 4
        )

    def submit(self, sender: str, message: EmailMessage, at: EndpointAddress | None = None) -> None:
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


def until(look: Callable[[], list[T]], seconds: float = SECONDS) -> list[T]:
    """Return what is found, as soon as something is."""
    end = time.monotonic() + seconds
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


def reply(send: Callable[[], None]) -> str:
    try:
        send()
    except smtplib.SMTPRecipientsRefused as replies:
        return str(next(iter(replies.recipients.values())))
    except smtplib.SMTPResponseException as reply:
        return str((reply.smtp_code, reply.smtp_error))
    return "sent"
