"""Nothing but TLS handshakes, with blocking sockets: bare_handshake.py ADDRESS HOST CA COUNT."""

import socket
import ssl
import sys


def main(address: str, host: str, ca: str, count: str) -> None:
    context = ssl.create_default_context(cafile=ca)
    for _ in range(int(count)):
        with (
            socket.create_connection((address, 465)) as plain,
            context.wrap_socket(plain, server_hostname=host),
        ):
            pass


main(*sys.argv[1:])
