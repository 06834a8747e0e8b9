"""A login, and a look around."""

from __future__ import annotations

from mailconf.model.questions.logins import AuthenticatedSession
from mailconf.model.questions.sessions import Session
from mailconf.net.network import Network

QUESTION = AuthenticatedSession


async def answer(question: AuthenticatedSession, network: Network) -> Session:
    """Ask with the password of the account."""
    return await network.logins.login(question.listener, question.account)
