"""Nothing but TLS handshakes, with asyncio's streams: async_handshake.py ADDRESS HOST CA COUNT."""

import asyncio
import ssl
import sys


async def main(address: str, host: str, ca: str, count: str) -> None:
    context = ssl.create_default_context(cafile=ca)
    for _ in range(int(count)):
        _, writer = await asyncio.open_connection(address, 465, ssl=context, server_hostname=host)
        writer.close()
        await writer.wait_closed()


asyncio.run(main(*sys.argv[1:]))
