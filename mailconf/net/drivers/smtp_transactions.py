"""Envelopes in one session."""

from __future__ import annotations

from mailconf.model.endpoint import Security
from mailconf.model.questions.transactions import Replies, SmtpTransactions
from mailconf.net import smtp
from mailconf.net.network import Network, protocol_of

QUESTION = SmtpTransactions


async def answer(question: SmtpTransactions, network: Network) -> Replies:
    """Try envelopes, one after the other."""
    listener, context = question.listener, network.contexts.lenient
    point, farewell = listener.endpoint, protocol_of(listener).farewell
    at_once = context if point.security is Security.IMPLICIT_TLS else None
    async with network.dialled(listener, at_once, farewell) as connection:
        return await smtp.transactions(
            connection, point, context, network.ehlo_name, question.envelopes
        )
