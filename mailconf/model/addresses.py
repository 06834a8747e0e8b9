"""Whether a name leads to a machine."""

from __future__ import annotations

from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World


async def has_address(host: str, world: World) -> bool:
    """Tell whether an absolute name has an address of either family; both are asked for."""
    return any([(await world.ask(DnsQuery(host, rtype))).values for rtype in ("A", "AAAA")])
