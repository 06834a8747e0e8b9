"""A command sent together with STARTTLS."""

from __future__ import annotations

from mailconf.model.questions.tls import StarttlsInjection
from mailconf.net.network import Network, protocol_of
from mailconf.net.starttls_injection import injected

QUESTION = StarttlsInjection


async def answer(question: StarttlsInjection, network: Network) -> str:
    """Send both at once, and read inside TLS."""
    listener = question.listener
    async with network.dialled(listener) as connection:
        await protocol_of(listener).greet(connection, network.ehlo_name)
        return await injected(connection, listener.endpoint, network.contexts.lenient)
