"""Policies that senders remember while the world changes."""

from typing import Any

import pytest

from mailconf.formats.mta_sts import StsPolicy
from mailconf.model.questions.pages import Page
from mailconf.model.record import Record
from mailconf.plugins.mta_sts import plugin
from mailconf.plugins.mta_sts.policy import policy_for, record_for
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import plan_checks, view

HOSTS = ("mail.example.org",)
URL = "https://mta-sts.example.org/.well-known/mta-sts.txt"
ENFORCE = StsPolicy("enforce", HOSTS, 604800)
SPEC = spec_of()
DOMAIN = SPEC.domains["example.org"]


def today(
    policy: StsPolicy | None, mx: str = "10 mail.example.org.", stamp: str = "1"
) -> FakeWorld:
    zones = {("example.org.", "MX"): (mx,)}
    if policy is None:
        return FakeWorld(zones)
    zones |= {("_mta-sts.example.org.", "TXT"): (f"v=STSv1; id={stamp}",)}
    return FakeWorld(zones, pages={URL: Page(200, "text/plain", str(policy))})


def same_id(mode: str) -> str:
    seen = view(plugin, SPEC, options={"mode": mode})
    return record_for(seen, DOMAIN).id


@pytest.mark.parametrize(
    ("mode", "world", "found"),
    [
        pytest.param("enforce", today(None), [], id="the first policy"),
        pytest.param("enforce", today(ENFORCE, stamp=same_id("enforce")), [], id="nothing changes"),
        pytest.param("enforce", today(ENFORCE), [], id="the policy is served, the id is next"),
        pytest.param("testing", today(ENFORCE), ["DNG010"], id="the id comes before the policy"),
        pytest.param("testing", today(None, "10 old.example."), [], id="nobody insists"),
        pytest.param(
            "enforce", today(None, "10 old.example."), ["DNG005"], id="the old MX is not allowed"
        ),
        pytest.param(
            "none",
            today(StsPolicy("enforce", ("old.example",), 604800), stamp=same_id("none")),
            ["DNG012"],
            id="the new MX is not in what senders remember",
        ),
    ],
)
async def test_order(mode: str, world: FakeWorld, found: list[str]) -> None:
    seen = view(plugin, SPEC, options={"mode": mode})
    assert await plan_checks(plugin, seen, world) == found


OTHER = {
    "mail": {
        "hostname": "mail.example.org",
        "addresses": ["192.0.2.25"],
        "roles": ["mx", "mailstore"],
    }
}
TXT = Record("_mta-sts.example.org.", "TXT", "v=STSv1; id=1")


@pytest.mark.parametrize(
    ("previous", "policy", "found"),
    [
        pytest.param([], ENFORCE, [], id="not ours"),
        pytest.param([TXT], ENFORCE, ["DNG011"], id="it vanishes"),
        pytest.param([TXT], StsPolicy("none", (), 86400), [], id="it was taken back"),
        pytest.param([TXT], None, [], id="it is gone"),
    ],
)
async def test_a_policy_does_not_vanish(
    previous: list[Record], policy: Any, found: list[str]
) -> None:
    """Without a web host there is no policy any more."""
    seen = view(plugin, spec_of(hosts=OTHER), previous=tuple(previous))
    assert await plan_checks(plugin, seen, today(policy)) == found


def test_the_policy_is_the_one_that_is_rendered() -> None:
    assert policy_for(view(plugin, SPEC, options={"mode": "enforce"}), DOMAIN) == ENFORCE
