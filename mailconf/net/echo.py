"""A server that repeats the credentials it was given: nothing of them is in what it is quoted with."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from mailconf.model.hiding import JOINT, SPACE, marked_in, spellings
from mailconf.model.questions.delivery import DeliveryReport
from mailconf.model.questions.sessions import Reply, Session
from mailconf.model.secret import HIDDEN
from mailconf.model.world import ConnectionRejected, Inconclusive
from mailconf.net.line import HIDDEN as CREDENTIALS

REPLY_PIECE, PIECE = 4, 6
"""How many characters in a row of a secret give it away: in the reply to a login, and elsewhere.

Elsewhere it is half of the secret at least: words of a password may occur in a greeting.
"""
# What of a line is left when its words are not shown: the status, and the enhanced code (RFC 3463).
STATUS = re.compile(
    r"(?:S: )?(?:[2-5][0-9][0-9](?:[ -]|$)(?:[245]\.[0-9]{1,3}\.[0-9]{1,3}(?: |$))?"
    r"|(?:(?:\*|\+|a[0-9]+) )?(?:OK|NO|BAD|BYE|PREAUTH)(?: |$)|\+OK ?|-ERR ?)?",
    re.IGNORECASE,
)
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
WORD = re.compile(r"[^\s'\"<>()\[\],;]+")


class Echo:
    """Takes the password in the credentials of SASL PLAIN (RFC 4616, in base64) out of a server's words.

    `public` are texts that anybody may read: what they share with the password is no secret.
    """

    def __init__(self, credentials: str, public: Iterable[str] = ()) -> None:
        plain = b64decode(credentials)
        self._password = plain.decode("utf-8", "surrogateescape").rpartition("\0")[2]
        begin = (len(plain) - len(plain.rpartition(b"\0")[2])) * 8 // 6
        forms = {_flat(form) for form in (*spellings(self._password), credentials[begin:])}
        known = [_flat(text) for text in public]
        self._reply = _pieces(forms, known, lambda _: REPLY_PIECE)
        self._other = _pieces(forms, known, lambda form: max(PIECE, -(-len(form) // 2)))

    def reply(self, reply: Reply) -> Reply:
        """Return the reply to a login: its status, and its words unless they hold a piece of the password."""
        said = reply.lines
        if not self._gives_away("\n".join(said)):
            return reply
        return Reply(reply.status, tuple(_without_words(line) for line in said))

    def text(self, text: str) -> str:
        """Return any other text, with a mark in place of half of the password or more."""
        for joint in (JOINT, SPACE):
            flat = joint.sub("", text).casefold()
            found = {piece for piece in self._other if piece in flat}
            text = marked_in(text, joint, found) if found else text
        return text

    def fault(self, text: str) -> str:
        """Return why something could not be told; what it quotes may be the reply to a login."""

        def unquoted(found: re.Match[str]) -> str:
            return f"'{HIDDEN}'" if self._gives_away(found[0]) else found[0]

        return self.text(QUOTED.sub(unquoted, text))

    @contextmanager
    def in_faults(self) -> Iterator[None]:
        """Let exceptions fly as they are, with texts that may be shown."""
        try:
            yield
        except (Inconclusive, ConnectionRejected) as why:
            raise type(why)(self.fault(str(why))) from None

    def journey(self, journey: DeliveryReport) -> DeliveryReport:
        """Return a trip as it may be shown; a message that was refused may have been so at the login."""
        reply = journey.reply
        said = self._other_reply(reply) if reply.is_positive else self.reply(reply)
        silences = {reader: self.fault(why) for reader, why in journey.silences.items()}
        return replace(journey, reply=said, silences=silences, left=self.fault(journey.left))

    def session(self, session: Session) -> Session:
        """Return a session as it may be shown."""
        probes = {
            name: self.reply(one) if name == "login" else self._other_reply(one)
            for name, one in session.probes.items()
        }
        after = {self.text(key): self.text(value) for key, value in session.after.items()}
        told = tuple(self._transcript(session.transcript))
        greeting = self._other_reply(session.greeting)
        return replace(session, greeting=greeting, probes=probes, after=after, transcript=told)

    def _other_reply(self, reply: Reply) -> Reply:
        return Reply(reply.status, self._lines(reply.lines))

    def _transcript(self, lines: Iterable[str]) -> Iterable[str]:
        """Cut a transcript at the credentials: what follows, up to the next command, is the reply to them."""
        answer: list[str] = []
        others: list[str] = []
        has_sent = False
        for line in lines:
            if has_sent and line.startswith("S: "):
                answer.append(line)
                continue
            has_sent = line.startswith("C: ") and line.endswith(CREDENTIALS)
            if answer:
                yield from self._lines(others)
                yield from self._answer(answer)
                answer, others = [], []
            others.append(line)
        yield from self._lines(others)
        yield from self._answer(answer)

    def _answer(self, lines: list[str]) -> list[str]:
        return (
            [_without_words(one) for one in lines] if self._gives_away("\n".join(lines)) else lines
        )

    def _lines(self, lines: Iterable[str]) -> tuple[str, ...]:
        given = tuple(lines)
        return tuple(self.text("\n".join(given)).split("\n")) if given else ()

    def _gives_away(self, said: str) -> bool:
        """Tell whether a reply holds a piece of the password, or all of a short one as a word."""
        if len(self._password) < REPLY_PIECE and self._password.casefold() in WORD.findall(
            said.casefold()
        ):
            return True
        flats = (joint.sub("", said).casefold() for joint in (JOINT, SPACE))
        return any(piece in flat for flat in flats for piece in self._reply)


def _pieces(
    forms: Iterable[str], known: Iterable[str], length: Callable[[str], int]
) -> frozenset[str]:
    sized = [(form, length(form)) for form in forms]
    found = (form[i : i + n] for form, n in sized for i in range(len(form) - n + 1))
    return frozenset(piece for piece in found if not any(piece in text for text in known))


def _without_words(line: str) -> str:
    status = STATUS.match(line)
    kept = status[0] if status else ""
    return f"{kept}{HIDDEN}" if line != kept else line


def _flat(text: str) -> str:
    return JOINT.sub("", text).casefold()
