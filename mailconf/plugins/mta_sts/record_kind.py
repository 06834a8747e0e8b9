"""The TXT records that announce MTA-STS policies."""

from mailconf.formats.mta_sts import StsRecord
from mailconf.formats.names import relative
from mailconf.mailauth.mta_sts import discover
from mailconf.model.record_kind import RecordKind
from mailconf.model.world import World


async def _has_policy(name: str, _value: str, world: World) -> bool:
    """Tell whether senders may have cached a policy, which they do not for mode none (RFC 8461 §8.3)."""
    found = await discover(relative(name).removeprefix("_mta-sts."), world)
    return bool(found.policy) and found.policy.mode != "none"  # type: ignore[union-attr]


MTA_STS = RecordKind(
    "mta_sts",
    tag="v=STSv1",
    parse=StsRecord.parse,
    harm="senders could not refresh the policy that they have cached",
    is_used=_has_policy,
)
