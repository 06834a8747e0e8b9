"""Addresses that the Internet reaches, as opposed to those of this machine and its own network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from mailconf.model.world import CannotTell

NAT64 = IPv6Network("64:ff9b::/96")
LAST_32_BITS = 0xFFFFFFFF


def is_public(address: str) -> bool:
    """Tell whether an address is reached from everywhere; one that embeds IPv4 is judged by that."""
    found = ip_address(address)
    embedded = _embedded(found) if isinstance(found, IPv6Address) else None
    return all(one.is_global and not one.is_multicast for one in (found, embedded) if one)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a gateway would connect to (RFC 4291 §2.5.5.2, 3056, 6052)."""
    if address in NAT64:
        return IPv4Address(int(address) & LAST_32_BITS)
    return address.ipv4_mapped or address.sixtofour


def check_public(address: str, name: str) -> None:
    """Raise CannotTell for an address that is not public."""
    if not is_public(address):
        raise CannotTell(
            f"{name} has the address {address}, which is not public; --untrusted connects to it "
            "only with --allow-private"
        )
