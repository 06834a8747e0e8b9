"""DKIM keys among the TXT records: whatever stands below _domainkey (RFC 6376 §3.6.1)."""

from mailconf.formats.dkim import DkimKey
from mailconf.model.record_kind import RecordKind
from mailconf.model.world import World


async def _verifies(_name: str, value: str, _world: World) -> bool:
    """Tell whether a key is readable and not revoked (§3.6.1, an empty p=)."""
    key, _ = DkimKey.parse_leniently(value)
    return bool(key) and not key.is_revoked  # type: ignore[union-attr]


DKIM = RecordKind(
    "dkim",
    tag="v=DKIM1",
    label="_domainkey",
    parse=DkimKey.parse,
    harm="mail in transit could not be verified",
    is_used=_verifies,
)
