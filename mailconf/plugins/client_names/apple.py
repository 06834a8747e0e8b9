"""Live checks of profiles for Apple's devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator

from mailconf.formats.apple_profile import AppleProfile, AppleProfileError, MailAccount, is_signed
from mailconf.model.client_services import client_endpoints
from mailconf.model.finding import Finding
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.client_names import rules
from mailconf.plugins.client_names.announced import by_profile
from mailconf.plugins.client_names.places import OK, Location, Options, compared, fetched, not_had

PROFILE_TYPE = "application/x-apple-aspen-config"


def profiles(view: Options) -> Iterator[Location]:
    """Yield where devices fetch a domain's profile."""
    for domain in view.spec.hosted:
        if url := view.for_domain(domain).apple_profile:
            yield Location(domain, url)


async def profile_agrees(view: Options, at: Location, world: World) -> AsyncIterator[Finding]:
    """Fetch a profile, and compare."""
    page = await fetched(at, at.url, "", world)
    for finding in not_had(page, at, rules.PROFILE_NOT_SERVED, rules.PROFILE_UNTRUSTED):
        yield finding
    if page.status != OK:
        return
    if page.content_type.partition(";")[0].strip() != PROFILE_TYPE:
        yield rules.WRONG_TYPE.at(
            at, at.where, url=at.url, got=page.content_type or "no Content-Type"
        )
    try:
        profile = AppleProfile.parse(page.body)
    except AppleProfileError as why:
        if is_signed(page.body):
            raise Inconclusive(f"{at.url} is signed in a way that is not read: {why}") from None
        yield rules.PROFILE_UNREADABLE.at(at, at.where, url=at.url, why=why)
        return
    for finding in _wrong(view, profile, at):
        yield finding


def _wrong(view: Options, profile: AppleProfile, at: Location) -> Iterator[Finding]:
    """Yield what is wrong with a profile."""
    uuids = Counter((profile.uuid, *(account.uuid for account in profile.accounts)))
    for uuid in [uuid for uuid, count in uuids.items() if count > 1]:
        yield rules.SAME_FOR_ALL.at(at, at.where, url=at.url, got=uuid)
    for account in profile.accounts:
        for key, why in _left_out(account):
            yield rules.INCOMPLETE.at(at, at.where, url=at.url, got=key, why=why)
        if account.incoming.has_password or account.outgoing.has_password:
            yield rules.PASSWORD.at(at, at.where, url=at.url)
    points = client_endpoints(view.spec, at.domain)
    yield from compared(rules.PROFILE_ANNOUNCES, tuple(by_profile(profile)), points, at)


def _left_out(account: MailAccount) -> Iterator[tuple[str, str]]:
    sides = (("Incoming", account.incoming), ("Outgoing", account.outgoing))
    for side, server in sides:
        if server.ssl is None:
            yield f"{side}MailServerUseSSL", "the default is off"
    if not account.outgoing.port:
        yield "OutgoingMailServerPortNumber", "the device tries ports 25, 587 and 465"
