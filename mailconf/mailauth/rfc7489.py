"""DMARC as receivers of the older standard apply it (RFC 7489), and where that makes a difference.

They look up the author's domain, then its organizational domain by the Public Suffix List; they know
nothing of np, psd and t, and apply a policy to pct per cent of the mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailconf.formats.dmarc import POLICIES, Policy, readable
from mailconf.formats.names import absolute
from mailconf.mailauth import dmarc
from mailconf.mailauth.treewalk import canonical
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World

VERSION = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(;|$)")
EVERY = 100


@dataclass(frozen=True, slots=True)
class Discovery:
    """Which policy an older receiver applies; `pct` is to how much of the mail, in per cent."""

    author_domain: str
    organizational_domain: str
    policy_domain: str | None = None
    policy: Policy | None = None
    pct: int = EVERY


async def discover(author_domain: str, organizational_domain: str, world: World) -> Discovery:
    """Find the policy (RFC 7489 §6.6.3); raises Inconclusive when DNS does not answer.

    `organizational_domain` is what the Public Suffix List makes of the author's domain (§3.2).
    """
    author, organization = canonical(author_domain), canonical(organizational_domain)
    for domain in dict.fromkeys((author, organization)):
        texts = (await world.ask(DnsQuery(absolute(f"_dmarc.{domain}"), "TXT"))).values
        records = [text for text in texts if VERSION.match(text)]
        if len(records) > 1:
            break
        if records:
            policy, pct = _applied(records[0], is_own=domain == author)
            return Discovery(author, organization, domain, policy, pct)
    return Discovery(author, organization)


def _applied(text: str, *, is_own: bool) -> tuple[Policy | None, int]:
    """Return policy and percentage: a wrong p is none where reports are asked for (§6.6.3 step 6)."""
    tags, _ = readable(text)
    asked = tags.get("p", "").lower()
    below = tags.get("sp", asked).lower()
    if asked not in POLICIES or below not in POLICIES:
        return ("none" if "rua" in tags else None), EVERY
    wanted = asked if is_own else below
    pct = tags.get("pct", "")
    return wanted, int(pct) if re.fullmatch(r"[0-9]{1,3}", pct) and int(pct) <= EVERY else EVERY  # type: ignore[return-value]


def differences(new: dmarc.Discovery, old: Discovery) -> Iterator[str]:
    """Say what an older receiver would do differently, in sentences."""
    if new.organizational_domain != old.organizational_domain:
        yield (
            f"relaxed alignment uses the organizational domain {old.organizational_domain},"
            f" not {new.organizational_domain}"
        )
    if new.policy_domain != old.policy_domain:
        found = f"find it at {old.policy_domain}" if old.policy_domain else "find no record"
        yield f"they query only the author domain and {old.organizational_domain}, and {found}"
    if new.effective_policy != old.policy:
        old_policy = f"policy {old.policy}" if old.policy else "no policy"
        new_policy = f"policy {new.effective_policy}" if new.effective_policy else "no policy"
        yield f"they find {old_policy} instead of {new_policy}"
    if old.pct != EVERY and old.policy not in (None, "none"):
        yield f"they apply the policy to {old.pct} % of the mail (pct)"
