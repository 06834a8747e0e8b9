"""The first half of a session of mailconf with port 25: ours_greeting.py ADDRESS HOST CA COUNT.

Connect, EHLO, STARTTLS, the certificate's facts, and EHLO.
"""

import asyncio
import sys
from ipaddress import ip_address
from pathlib import Path

from mailconf.engine.gc_tuning import collecting_rarely
from mailconf.model.endpoint import PROTOCOLS, Endpoint, EndpointAddress
from mailconf.net import smtp
from mailconf.net.dial import Place, dialled
from mailconf.net.tls import Contexts, facts_of

SMTP = next(protocol for protocol in PROTOCOLS if protocol.name == "smtp")


async def main(address: str, host: str, ca: str, count: str) -> None:
    at = ip_address(address)
    listener, place = EndpointAddress(Endpoint(SMTP, host, (at,), 25, ()), at), Place(address, 25)
    context = Contexts(Path(ca).read_text()).strict
    for _ in range(int(count)):
        async with dialled(listener, place, None, 10.0) as connection:
            await smtp.greeted(connection, "probe.example")
            agreed = await smtp.said(connection, "STARTTLS")
            await connection.upgrade(agreed, context, host)
            await smtp.hello(connection, "probe.example")
            tls = connection.tls()
            if not tls or host not in facts_of(tls, "").names:
                sys.exit("no TLS, or another host's")


with collecting_rarely():
    asyncio.run(main(*sys.argv[1:]))
