"""One polite session; where the chain is not trusted, another one that looks away."""

from __future__ import annotations

import ssl

from mailconf.model.endpoint import Security
from mailconf.model.questions.sessions import ServerSession, Session
from mailconf.net.dial import dialled
from mailconf.net.network import Network, protocol_of

QUESTION = ServerSession


async def answer(question: ServerSession, network: Network) -> Session:
    """Hold one session with a listener."""
    async with network.turn(network.place_of(question.listener).address):
        try:
            return await _talk(question, network, network.contexts.strict, "")
        except ssl.SSLCertVerificationError as why:
            return await _talk(question, network, network.contexts.lenient, why.verify_message)


async def _talk(
    question: ServerSession, network: Network, context: ssl.SSLContext, fault: str
) -> Session:
    listener, protocol = question.listener, protocol_of(question.listener)
    point, place = listener.endpoint, network.place_of(listener)
    at_once = context if point.security is Security.IMPLICIT_TLS else None
    async with dialled(listener, place, at_once, network.seconds, protocol.farewell) as connection:
        return await protocol.session(connection, point, context, fault, network.ehlo_name)
