"""Whose connection it is, as the kernel knows it."""

import os
import pwd
import socket
from pathlib import Path

from mailconf.programs.originators.accounts import account_of


def test_a_connection_of_this_process_is_its_users() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        port = client.getsockname()[1]
        assert account_of(port) == pwd.getpwuid(os.getuid()).pw_name


def test_what_is_not_there_is_nobodys(tmp_path: Path) -> None:
    table = tmp_path / "tcp"
    table.write_text(
        "  sl  local_address\n   0: 0100007F:0050 00000000:0000 0A 0 0 0 999999999 0\n"
    )
    assert account_of(81, table) == ""
    assert account_of(80, table) == ""
    assert account_of(80, tmp_path / "nothing") == ""
