"""What attacks act on: the lab's sites and machines, and how clients trust certificates."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from mailconf.lab.log import LabLog
from mailconf.lab.machine import Machine
from mailconf.lab.mail import Login
from mailconf.lab.retrieval import FAULTS
from mailconf.lab.site import Site
from mailconf.model.world import Inconclusive


def trusting() -> ssl.SSLContext:
    """Trust every certificate: attackers do not mind, and other checks judge it."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def no_session(about: object) -> Iterator[None]:
    """Raise Inconclusive where a session cannot be had or ends: other checks say why."""
    try:
        yield
    except (smtplib.SMTPException, OSError, *FAULTS) as why:
        raise Inconclusive(f"{about}: {type(why).__name__}: {why}") from None


@dataclass(frozen=True, slots=True)
class Scene:
    """A booted lab as attackers see it; `machines` by host key, for what local accounts try."""

    ours: Site
    theirs: Site
    context: ssl.SSLContext
    journal: LabLog
    machines: Mapping[str, Machine]

    def login(self, address: str) -> Login:
        """Return a user of the site with the password that the lab gave."""
        return Login(address, self.ours.passwords[address])
