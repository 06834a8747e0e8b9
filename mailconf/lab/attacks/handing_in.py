"""Handing messages in octet by octet: what a server replies to each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailconf.lab.attacks.scene import Scene, no_session
from mailconf.lab.mail import Login, Smtp
from mailconf.model.endpoint import EndpointAddress, Security
from mailconf.model.questions.sessions import Reply
from mailconf.model.world import Inconclusive

ERRORS = 8
"""Refused messages a session: from ten on Postfix answers slowly (postconf(5) smtpd_soft_error_limit)."""
GOES_ON = 400
"""Replies below it are positive (RFC 5321 §4.2.1)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message: what it tries, in words, and its octets."""

    name: str
    octets: bytes


def replies(
    scene: Scene,
    at: EndpointAddress,
    envelope: tuple[str, str],
    attempts: Iterable[Attempt],
    login: Login | None = None,
) -> dict[str, Reply]:
    """Return the reply to each message after its end of data, by the attempt's name.

    `envelope` is MAIL FROM and RCPT TO. Raises Inconclusive when there is no session.
    """
    rest, found = list(attempts), dict[str, Reply]()
    while rest:
        some, rest = rest[:ERRORS], rest[ERRORS:]
        found |= _session(scene, at, envelope, some, login)
    return found


def _session(
    scene: Scene,
    at: EndpointAddress,
    envelope: tuple[str, str],
    attempts: list[Attempt],
    login: Login | None,
) -> dict[str, Reply]:
    with no_session(at), Smtp(at, scene.context, "client.mailconf-lab.example") as client:
        if at.endpoint.security is Security.STARTTLS or not login:
            client.starttls(context=scene.context)
        client.ehlo()
        if login:
            client.login(login.address, login.password)
        return {one.name: _hand_in(client, envelope, one.octets) for one in attempts}


def _hand_in(client: Smtp, envelope: tuple[str, str], octets: bytes) -> Reply:
    for command in (f"MAIL FROM:<{envelope[0]}>", f"RCPT TO:<{envelope[1]}>", "DATA"):
        code, text = client.docmd(command)
        if code >= GOES_ON:
            client.rset()
            raise Inconclusive(f"{command} is refused: {_reply(code, text)}")
    client.send(octets + b"\r\n.\r\n")
    return _reply(*client.getreply())


def _reply(code: int, text: bytes) -> Reply:
    return Reply(str(code), (text.decode("utf-8", "backslashreplace"),))
