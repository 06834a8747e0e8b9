"""Addresses that the Internet reaches, as opposed to those of this machine and its own network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from mailconf.model.world import Inconclusive

NAT64 = IPv6Network("64:ff9b::/96")
NOT_GLOBAL = tuple(
    map(
        IPv6Network,
        (
            "::/8",  # IPv4-compatible addresses too (RFC 4291 §2.5.5.1)
            "64:ff9b:1::/48",  # NAT64 of a network of its own (RFC 8215)
            "100::/64",  # RFC 6666
            "2001:db8::/32",
            "3fff::/20",  # RFC 9637
            "5f00::/16",  # segment routing inside a domain (RFC 9602)
            "fec0::/10",  # site-local (RFC 3879)
        ),
    )
)
"""What is not reached from everywhere (IANA, IPv6 special-purpose registry, November 2026): Python
learns of new ranges with its releases alone."""
UNICAST = IPv6Network("2000::/3")
"""All that IANA gives out for the Internet."""
LAST_32_BITS = 0xFFFFFFFF


def is_public(address: str) -> bool:
    """Tell whether an address is reached from everywhere; one that embeds IPv4 is judged by that."""
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return _is_public_4(found)
    embedded = _embedded(found)
    if found.scope_id:
        return False
    if embedded:
        return _is_public_4(embedded) and (found.ipv4_mapped is not None or not found.is_private)
    is_unicast = found in UNICAST and found.is_global
    return is_unicast and not any(found in net for net in NOT_GLOBAL)


def _is_public_4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a gateway would connect to (RFC 4291 §2.5.5.2, 3056, 6052)."""
    if address in NAT64:
        return IPv4Address(int(address) & LAST_32_BITS)
    return address.ipv4_mapped or address.sixtofour


def check_public(address: str, name: str) -> None:
    """Raise Inconclusive for an address that is not public."""
    if not is_public(address):
        raise Inconclusive(
            f"{name} has the address {address}, which is not public; --untrusted connects to it "
            "only with --allow-private"
        )
