"""What an account sees after its login."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.question import Question
from mailconf.model.questions.sessions import Session


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
class AuthenticatedSession(Question[Session]):
    """A login over verified TLS, and a look around; nothing is changed, no mail is sent.

    `after` are the capabilities after the login, `probes` the replies:

    * `login`: to the password
    * `namespace`, `special-use`, `inbox`, `idle`: to NAMESPACE, LIST of folders with a use, EXAMINE,
      IDLE with DONE (IMAP)
    * `stat`, `uidl`, and `top` of the first message (POP3)
    * `scripts`: to LISTSCRIPTS (ManageSieve)
    * `foreign sender`, `too large`: to a transaction in the name of `account.other`, and to MAIL
      with a SIZE above the limit that is offered (submission)

    Raises NotApplicable when nobody may log in, Inconclusive when the password is not to be had.
    """

    listener: EndpointAddress
    account: Account
    kind: ClassVar[str] = "login"
    answer_type: ClassVar[Any] = Session

    def __str__(self) -> str:
        return f"{self.listener} as {self.account}"

    def evidence(self, answer: Session) -> Iterable[str]:
        """Return the certificate and the transcript."""
        return answer.lines(str(self))
