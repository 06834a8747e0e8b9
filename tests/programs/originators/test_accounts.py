"""Whose connection it is, as the kernel knows it."""

import os
import pwd
import socket
from pathlib import Path

import pytest

from mailconf.programs.originators.accounts import account_of


def test_a_connection_of_this_process_is_its_users() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        (address, port), (_, server_port) = client.getsockname(), server.getsockname()
        assert account_of(address, port, server_port) == pwd.getpwuid(os.getuid()).pw_name
        assert account_of("127.0.0.2", port, server_port) == ""
        assert account_of(address, port, server_port + 1) == ""


def test_another_loopback_address_with_the_same_port_is_another_account(tmp_path: Path) -> None:
    """Everybody may bind 127.0.0.2 to the port that the mail store has at 127.0.0.1."""
    table = tmp_path / "tcp"
    table.write_text(
        "  sl  local_address rem_address\n"
        "   0: 0100007F:0050 0100007F:272B 01 0:0 00:0 0 0 0 1\n"
        "   1: 0200007F:0050 0100007F:272B 01 0:0 00:0 0 65534 0 2\n"
        "   2: 0100007F:0051 0100007F:1050 01 0:0 00:0 0 0 0 3\n"
        "   3: 0100007F:0052 0100007F:272B 01 0:0 00:0 0 999999999 0 4\n"
    )
    assert account_of("127.0.0.1", 80, 10027, table) == "root"
    assert account_of("127.0.0.2", 80, 10027, table) == pwd.getpwuid(65534).pw_name
    assert account_of("127.0.0.1", 81, 10027, table) == ""
    assert account_of("127.0.0.1", 82, 10027, table) == ""


@pytest.mark.parametrize("client", ["", "::1", "mail", "127.0.0.300"])
def test_what_is_no_address_is_nobodys(client: str, tmp_path: Path) -> None:
    assert account_of(client, 80, 10027) == ""
    assert account_of("127.0.0.1", 80, 10027, tmp_path / "nothing") == ""
