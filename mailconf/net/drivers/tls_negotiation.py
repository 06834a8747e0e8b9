"""A handshake that offers little."""

from __future__ import annotations

from mailconf.model.endpoint import Security
from mailconf.model.questions.tls import NegotiatedTls, TlsNegotiation
from mailconf.model.world import Inconclusive
from mailconf.net.network import Network, protocol_of

QUESTION = TlsNegotiation


async def answer(question: TlsNegotiation, network: Network) -> NegotiatedTls:
    """Offer what the question names, and nothing else."""
    listener, protocol = question.listener, protocol_of(question.listener)
    point, context = listener.endpoint, network.contexts.offering(question.offer)
    async with network.dialled(listener) as connection:
        if point.security is Security.STARTTLS:
            await protocol.greet(connection, network.ehlo_name)
            agreed = await protocol.ask_for_tls(connection)
            if not agreed.is_positive:
                raise Inconclusive(f"{listener} rejects STARTTLS: {agreed}")
        return await connection.agrees_on(context, point.host)
