"""MX records: mail depends on each but the null MX (RFC 7505)."""

from mailconf.model.record_kind import RecordKind
from mailconf.model.world import World
from mailconf.plugins.mx_records.records import NULL_MX


async def _takes_mail(_name: str, value: str, _world: World) -> bool:
    return value != NULL_MX


MX = RecordKind("mx", "MX", harm="mail could not be delivered", is_used=_takes_mail)
