"""MTA-STS as a sender applies it (RFC 8461): record, policy, and which MX hosts it lets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from mailconf.formats.error import FormatError
from mailconf.formats.mta_sts import StsPolicy, StsRecord
from mailconf.formats.names import absolute
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.questions.pages import PageRequest
from mailconf.model.world import ConnectionRejected, Inconclusive, World

Reason = Literal["", "no-record", "multiple", "syntax", "dns-temperror", "no-policy"]
# Others are discarded before records are counted (§3.1).
VERSION = re.compile(r"v=STSv1[ \t]*;")
OK = 200
MEDIA_TYPE = "text/plain"


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a sender finds out; without a policy `reason` is why, and `why` says it in words."""

    record: StsRecord | None = None
    policy: StsPolicy | None = None
    reason: Reason = ""
    why: str = ""


async def discover_record(domain: str, world: World) -> Discovery:
    """Ask for the one record of a domain (§3.1)."""
    name = f"_mta-sts.{domain}"
    try:
        texts = (await world.ask(DnsQuery(absolute(name), "TXT"))).values
    except Inconclusive as silence:
        return Discovery(reason="dns-temperror", why=str(silence))
    found = [text for text in texts if VERSION.match(text)]
    if len(found) != 1:
        told = f"{name} has {len(found)} records of MTA-STS"
        return Discovery(reason="multiple" if found else "no-record", why=told)
    try:
        return Discovery(StsRecord.parse(found[0]))
    except FormatError as fault:
        return Discovery(reason="syntax", why=f"{name}: {fault}")


async def discover(domain: str, world: World) -> Discovery:
    """Fetch the policy of a domain (§3.2, §3.3); one that is not to be had is none."""
    found = await discover_record(domain, world)
    if found.record is None:
        return found
    url = f"https://mta-sts.{domain}/.well-known/mta-sts.txt"
    try:
        page = await world.ask(PageRequest(url))
    except (Inconclusive, ConnectionRejected) as why:
        return Discovery(found.record, reason="no-policy", why=str(why))
    if page.status != OK or not is_text(page.content_type) or (page.tls and page.tls.fault):
        fault = page.tls.fault if page.tls else ""
        told = (
            f"{url}: status {page.status}, {page.content_type or 'no media type'} {fault}".strip()
        )
        return Discovery(found.record, reason="no-policy", why=told)
    try:
        return Discovery(found.record, StsPolicy.parse(page.body))
    except FormatError as why:
        return Discovery(found.record, reason="no-policy", why=f"{url}: {why}")


def is_text(content_type: str) -> bool:
    """Tell whether a policy may be served so: text/plain in any case, whatever its parameters."""
    return content_type.partition(";")[0].strip().lower() == MEDIA_TYPE


def match(host: str, policy: StsPolicy) -> bool:
    """Tell whether a policy lets mail go to an MX host (§4.1).

    `*.` stands for exactly one label; case and a final dot do not matter.
    """
    name = host.rstrip(".").lower()
    return any(_matches(name, pattern.rstrip(".").lower()) for pattern in policy.mx)


def _matches(name: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        label, dot, rest = name.partition(".")
        return bool(label and dot) and rest == pattern.removeprefix("*.")
    return name == pattern
