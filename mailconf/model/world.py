"""The only window to the outside: ask a question, get an observation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from mailconf.model.endpoint import Listener


class CannotTell(Exception):
    """The world did not answer, so nothing can be concluded."""


class ServerFailure(CannotTell):
    """The resolver says so (SERVFAIL)."""


class Bogus(ServerFailure):
    """The resolver has an answer, and refuses it: it does not validate (RFC 4035 §5.5)."""


class TooLong(CannotTell):
    """A page holds more than anybody reads."""


class Refused(Exception):
    """The other side answered that it does not talk to us: connection refused, no route to a port."""


class NotAsked(Exception):
    """The question is none for this world: nobody serves mail in a rendered tree."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What DNS holds at a name: values in presentation form, TXT joined and unquoted.

    `alias` is the absolute end of the CNAME chain, or empty. `secure` is true only when a validating resolver
    that we may trust says so. `ttl` is for how many seconds the answer, an empty one too, may still be kept
    (RFC 2308 §5)."""

    values: tuple[str, ...] = ()
    alias: str = ""
    exists: bool = True
    secure: bool = False
    ttl: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of a line protocol: SMTP code or IMAP/POP3 status, and its lines of text."""

    status: str
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.status, *self.lines]).strip()

    @property
    def is_positive(self) -> bool:
        """Tell whether the command was accepted (SMTP 2xx/3xx, IMAP OK, POP3 +OK)."""
        return self.status in ("OK", "+OK", "*") or self.status[:1] in ("2", "3")

    @property
    def is_temporary(self) -> bool:
        """Tell whether an SMTP server says: not now (4xx, RFC 5321 §4.2.1)."""
        return self.status[:1] == "4"


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What a handshake showed; `fault` is why the chain is not trusted, empty when it is.

    `key` is the kind of the public key in small letters (`rsa`, `ec`, `ed25519`) with its `bits`;
    `digest` is the hash of the signature (`sha256`), empty for one that has none (Ed25519).
    `key_digest` is SHA-256 of the public key (SubjectPublicKeyInfo) in hexadecimal digits."""

    version: str
    cipher: str
    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    fault: str = ""
    key: str = ""
    bits: int = 0
    digest: str = ""
    must_staple: bool = False
    key_digest: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Envelope:
    """Who sends to whom, without angle brackets; an empty `sender` is the null reverse-path."""

    sender: str
    recipient: str

    def __str__(self) -> str:
        return f"<{self.sender}> to <{self.recipient}>"


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """Who logs in, and the reference to the password; without one a wrong password is tried.

    `other` is somebody else's address, which this account may not send as."""

    address: str
    password: str = ""
    other: str = "probe@mailconf-probe-foreign.example"

    def __str__(self) -> str:
        return self.address if self.password else f"{self.address}, wrong password"

    @property
    def domain(self) -> str:
        """The domain of the address, in small letters."""
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class Trip:
    """A message to an account, its own after a login, a stranger's at port 25; read at others in turn.

    `seconds` is how long it may take; `author` stands in From:, where it is another."""

    account: Account
    by: Listener
    readers: tuple[Listener, ...]
    seconds: int
    author: str = ""

    def __str__(self) -> str:
        word = "as" if self.by.endpoint.protocol.is_submission else "to"
        return f"{self.by} {word} {self.account}{self.author and f', From: {self.author}'}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as a mailbox has it: when, since it was handed in, and in which folder.

    `message` holds its octets as Latin-1. `id` is the server's name for it (UIDVALIDITY and UID, POP3's unique
    id), and `id_again` that in a later session, empty when it was gone."""

    seconds: float
    folder: str
    message: str
    id: str = ""
    id_again: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """How a trip went: the last reply of the submission, and what each reader found, by str(listener).

    Whoever could not tell is in `silences`, with the reason. `token` is a word of the message's subject;
    `left` says why the message could not be removed again."""

    token: str
    reply: Reply
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)
    silences: Mapping[str, str] = field(default_factory=dict)
    left: str = ""


Offer = Literal["old TLS", "weak ciphers", "RSA", "ECDSA"]
"""TLS 1.0 and 1.1; or 1.2 without ECDHE with AES-GCM or ChaCha20 (Mozilla's intermediate profile), or with
certificates of one kind."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a handshake led to, empty when the server refused; `key_digest` as in TlsFacts."""

    version: str = ""
    cipher: str = ""
    key_digest: str = ""

    def __str__(self) -> str:
        return " ".join([self.version, self.cipher]).strip() or "nothing"


Port = Literal["open", "refused", "silent"]
"""What a connection met: somebody, a refusal, or nothing in time, as behind a packet filter."""


@dataclass(frozen=True, slots=True)
class Session:
    """All facts of one session with a listener.

    Capabilities map an upper-case keyword to its arguments. `upgrade` is the reply to STARTTLS or STLS.
    `probes` are replies by probe name, given only where the probe was sent:

    * `login before TLS`: a dummy LOGIN or USER (IMAP, POP3), a dummy AUTH (submission)
    * `mail before TLS`: MAIL FROM (submission)
    * `too large`: MAIL with a SIZE above the limit that is offered (SMTP)
    * `relay`: RCPT to a foreign domain, without authentication (SMTP)
    * `vrfy postmaster`, `vrfy nobody`, `expn`: VRFY of one who exists and one who does not, EXPN (SMTP)"""

    greeting: Reply
    before: Mapping[str, str] = field(default_factory=dict)
    upgrade: Reply | None = None
    tls: TlsFacts | None = None
    after: Mapping[str, str] = field(default_factory=dict)
    ehlo_name: str = ""
    probes: Mapping[str, Reply] = field(default_factory=dict)
    transcript: tuple[str, ...] = ()
    """Every line in order, `C: ` before ours and `S: ` before theirs; credentials are hidden."""
    waited: float = 0.0  # seconds until the greeting


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTTP server answered; `body` is at most 64 KiB."""

    status: int
    content_type: str
    body: str
    tls: TlsFacts | None = None


class World(Protocol):
    """Questions a check may ask; equal questions are asked once per run.

    Every method raises CannotTell on silence, and Refused when a connection is refused."""

    @property
    def now(self) -> datetime:
        """The time at which expiry is judged; always with a time zone."""
        ...

    async def dns(self, name: str, rtype: str) -> Answer:
        """Return what is published at absolute `name`; no values when there is nothing."""
        ...

    async def answers(self, name: str, rtype: str) -> Mapping[str, Answer | CannotTell]:
        """Return what each server of the zone that holds `name` says, by its name.

        Raises CannotTell when the servers are not to be found out."""
        ...

    async def session(self, listener: Listener) -> Session:
        """Return the facts of one polite session; no mail is sent, no real password used."""
        ...

    async def login(self, listener: Listener, account: Account) -> Session:
        """Log in over verified TLS, and look around; nothing is changed, no mail is sent.

        `after` are the capabilities after the login, `probes` the replies:

        * `login`: to the password
        * `namespace`, `special-use`, `inbox`, `idle`: to NAMESPACE, LIST of folders with a use, EXAMINE,
          IDLE with DONE (IMAP)
        * `stat`, `uidl`, and `top` of the first message (POP3)
        * `scripts`: to LISTSCRIPTS (ManageSieve)
        * `foreign sender`, `too large`: to a transaction in the name of `account.other`, and to MAIL
          with a SIZE above the limit that is offered (submission)

        Raises NotAsked when nobody may log in, CannotTell when the password is not to be had."""
        ...

    async def journey(self, trip: Trip) -> Journey:
        """Send a message, wait until it is there, and remove it; raises as `login` does."""
        ...

    async def smuggled(self, trip: Trip) -> tuple[str, ...]:
        """Return which octets end a message, of those that must not (RFC 5321 §4.1.1.4).

        Each is put into a message of the account, on port 25 of nobody, to the account; what arrives is
        removed. Raises as `login` does."""
        ...

    async def page(self, url: str, xml: str = "", at: str = "") -> Page:
        """Fetch a URL, or post XML to it, `at` one address of its host; no redirect is followed."""
        ...

    async def transactions(
        self, listener: Listener, envelopes: tuple[Envelope, ...]
    ) -> Mapping[Envelope, Reply]:
        """Try envelopes without a login, as far as RCPT, in one session, inside TLS where that is offered.

        Each has the last reply; those that the session did not get to are missing."""
        ...

    async def injected(self, listener: Listener) -> str:
        """Return what a server says inside TLS to a command sent in clear before it: nothing (RFC 3207 §6)."""
        ...

    async def agreed(self, listener: Listener, offer: Offer) -> Agreement:
        """Return what is agreed with a client that offers nothing else."""
        ...

    async def knock(self, listener: Listener) -> Port:
        """Connect, and say nothing."""
        ...
