"""SMTP with STARTTLS on port 25, TLS alone on 465: smtp_server.py ADDRESS HOST PEM."""

import asyncio
import ssl
import sys


async def main(address: str, host: str, pem: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)

    async def smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"220 {host} ESMTP\r\n".encode())
        while line := await reader.readline():
            word = line.split()[0].upper()
            if word == b"EHLO":
                writer.write(f"250-{host}\r\n250-PIPELINING\r\n250 STARTTLS\r\n".encode())
            elif word == b"STARTTLS":
                writer.write(b"220 go\r\n")
                await writer.drain()
                await writer.start_tls(context)
            elif word == b"RCPT":
                writer.write(b"554 no relay\r\n")
            else:
                writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                if word == b"QUIT":
                    break
            await writer.drain()
        writer.close()

    async def alone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    await asyncio.start_server(smtp, address, 25)
    await asyncio.start_server(alone, address, 465, ssl=context)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
