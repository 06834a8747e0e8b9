"""The network namespaces of machines, all on one bridge."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path as File
from typing import TypeVar

from mailconf.model.endpoint import Address

T = TypeVar("T")
CLONE_NEWNET = 0x40000000
NETNS = File("/run/netns")
SWITCH = "lab0"
# Duplicate address detection would keep an IPv6 address unusable for its first seconds.
AT_ONCE = {4: "", 6: " nodad"}
ANYWHERE = {4: "0.0.0.0/0", 6: "::/0"}


def make_switch() -> None:
    """Create the bridge that every machine is plugged into."""
    NETNS.mkdir(parents=True, exist_ok=True)
    _ip("link set lo up", f"link add {SWITCH} type bridge", f"link set {SWITCH} up")


def name_network(name: str, process: int) -> None:
    """Give the network namespace of a process a name (ip-netns(8))."""
    handle = NETNS / name
    handle.touch()
    subprocess.run(["mount", "--bind", f"/proc/{process}/ns/net", str(handle)], check=True)


def plug_in(name: str, addresses: Iterable[Address]) -> None:
    """Give a named network namespace its interfaces."""
    # An interface name holds 15 octets, a host key may be longer: count instead.
    plug = f"lab{len(os.listdir(NETNS))}"
    _ip(
        f"link add {plug} type veth peer name eth0 netns {name}",
        f"link set {plug} master {SWITCH} up",
    )
    _ip("link set lo up", "link set eth0 up", *configuration(list(addresses)), inside=name)


def configuration(addresses: Sequence[Address]) -> list[str]:
    """Return the ip(8) commands that give eth0 its addresses, and a route for each family of them.

    Every route is on-link, so that any public address works; nothing leaves the bridge. A family
    without an address has no route, as on a real host: what is sent there fails at once
    (ENETUNREACH), where it would be lost without a word and every resolver would wait for it.
    """
    return [
        f"addr add {address}/{address.max_prefixlen} dev eth0{AT_ONCE[address.version]}"
        for address in addresses
    ] + [
        f"route add {ANYWHERE[version]} dev eth0"
        for version in sorted({address.version for address in addresses})
    ]


def _ip(*commands: str, inside: str = "") -> None:
    where = ["-n", inside] if inside else []
    subprocess.run(
        ["ip", *where, "-batch", "-"], input="\n".join(commands) + "\n", check=True, text=True
    )


def on_network_of(name: str, work: Callable[[], T]) -> T:
    """Run `work` in a thread whose sockets belong to a machine, and return its result."""

    def inside() -> T:
        libc = ctypes.CDLL(None, use_errno=True)
        with (NETNS / name).open() as handle:
            if libc.setns(handle.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return work()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(inside).result()
