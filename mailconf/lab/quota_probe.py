"""What happens to mail for a mailbox that is full."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass

from mailconf.lab import mail, rules
from mailconf.lab.log import LabLog
from mailconf.lab.network import on_network_of
from mailconf.lab.peer import HOSTNAME as PEER_HOSTNAME
from mailconf.lab.peer import KEY as PEER_MACHINE
from mailconf.lab.peer import STRANGER
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding
from mailconf.model.questions.sessions import Reply
from mailconf.model.world import Inconclusive

FULL_SECONDS = 20.0
POLL_SECONDS = 0.1
LINE = b"x" * 70 + b"\r\n"


@dataclass(frozen=True, slots=True)
class QuotaProbe:
    """A mailbox of `quota` octets that is filled through one listener."""

    at: EndpointAddress
    address: str
    quota: int
    context: ssl.SSLContext
    journal: LabLog

    async def attempt(self) -> AsyncIterator[Finding]:
        """Fill the mailbox a little over its limit, then see that the next message is refused.

        The same mailbox may be filled through another listener meanwhile.
        """
        if self._next().is_positive:
            # Refused here means that it has become full: what follows tells.
            with suppress(smtplib.SMTPResponseException):
                self._pour()
        reply = self._settled()
        if reply.is_temporary:
            raise Inconclusive(f"temporarily rejected instead of rejected: {reply}")
        if reply.is_positive:
            where = self.at.endpoint.where
            yield rules.OVER_QUOTA_ACCEPTED.at(self.at, where, address=self.address, got=str(reply))

    @property
    def _envelope(self) -> tuple[str, str]:
        return f"MAIL FROM:<{STRANGER}>", f"RCPT TO:<{self.address}>"

    def _next(self) -> Reply:
        """Return how the next message is received."""
        return told(
            lambda: mail.dialogue(self.at, self.context, PEER_HOSTNAME, self._envelope, None)
        )

    def _pour(self) -> None:
        body = mail.HEAD
        body += LINE * ((self.quota + self.quota // 50) // len(LINE))
        on_network_of(
            PEER_MACHINE,
            lambda: mail.pour(self.at, self.context, PEER_HOSTNAME, self._envelope, body),
        )

    def _settled(self) -> Reply:
        """Return the first reply that is no welcome, or the last when time is up."""
        end = time.monotonic() + FULL_SECONDS
        reply = self._next()
        while reply.is_positive and time.monotonic() < end:
            with self.journal.arrived:
                self.journal.arrived.wait(POLL_SECONDS)
            reply = self._next()
        return reply


def told(say: Callable[[], Reply]) -> Reply:
    """Return the reply that ends a dialogue, from the network of strangers."""
    try:
        return on_network_of(PEER_MACHINE, say)
    except smtplib.SMTPResponseException as why:
        return Reply(str(why.smtp_code), (str(why.smtp_error),))
    except (smtplib.SMTPException, OSError) as why:
        raise Inconclusive(f"{type(why).__name__}: {why}") from None
