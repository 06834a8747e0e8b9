"""Sessions of mailconf with port 25: ours_endpoint.py ADDRESS HOST CA COUNT.

Each is connect, EHLO, STARTTLS, the certificate's facts, EHLO, and the probes of what must be refused.
"""

import asyncio
import sys
from ipaddress import ip_address
from pathlib import Path

from mailconf.engine.gc_tuning import collecting_rarely
from mailconf.model.endpoint import PROTOCOLS, Endpoint, EndpointAddress
from mailconf.model.questions.sessions import ServerSession
from mailconf.net.live import LiveWorld

SMTP = next(protocol for protocol in PROTOCOLS if protocol.name == "smtp")


async def main(address: str, host: str, ca: str, count: str) -> None:
    at = ip_address(address)
    world = LiveWorld(authorities=Path(ca).read_text())
    for number in range(int(count)):
        # Another path each time: the same question is asked once.
        listener = EndpointAddress(Endpoint(SMTP, host, (at,), 25, (str(number),)), at)
        session = await world.ask(ServerSession(listener))
        if not session.tls or session.tls.fault:
            sys.exit(f"no TLS: {session}")


with collecting_rarely():
    asyncio.run(main(*sys.argv[1:]))
