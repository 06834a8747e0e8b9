"""What receivers of the older standard do differently."""

import pytest

from mailconf.mailauth import dmarc
from mailconf.mailauth.rfc7489 import differences, discover
from mailconf.testing import FakeWorld


def zone(**records: str) -> FakeWorld:
    zones = {
        (f"_dmarc.{name.replace('_', '.')}.", "TXT"): (text,) for name, text in records.items()
    }
    return FakeWorld(zones | {("real.example.com.", "A"): ("192.0.2.1",)})


@pytest.mark.parametrize(
    ("world", "author", "domain", "policy", "pct"),
    [
        pytest.param(zone(), "example.com", None, None, 100, id="no record"),
        pytest.param(zone(example_com="v=DMARC1; p=reject"), "example.com", "example.com", "reject", 100, id="own"),
        pytest.param(zone(example_com="v=DMARC1; p=reject; sp=none"), "no.example.com", "example.com", "none", 100, id="sp"),
        pytest.param(zone(example_com="v=DMARC1; p=none; np=reject"), "no.example.com", "example.com", "none", 100, id="np is not known"),
        pytest.param(zone(example_com="v=DMARC1; p=reject; t=y"), "example.com", "example.com", "reject", 100, id="t is not known"),
        pytest.param(zone(example_com="v=DMARC1; p=reject; pct=20"), "example.com", "example.com", "reject", 20, id="pct"),
        pytest.param(zone(example_com="v=DMARC1; rua=mailto:a@b.example"), "example.com", "example.com", "none", 100, id="no policy, but reports"),
        pytest.param(zone(example_com="v=DMARC1; p=wrong"), "example.com", "example.com", None, 100, id="a wrong one"),
        pytest.param(zone(b_example_com="v=DMARC1; p=reject"), "a.b.example.com", None, None, 100, id="nothing between"),
        pytest.param(zone(com="v=DMARC1; p=reject; psd=y"), "example.com", None, None, 100, id="no suffixes"),
    ],
)  # fmt: skip
async def test_discovery(
    world: FakeWorld, author: str, domain: str | None, policy: str | None, pct: int
) -> None:
    found = await discover(author, "example.com", world)
    assert (found.policy_domain, found.policy, found.pct) == (domain, policy, pct)


async def test_two_records_are_none() -> None:
    texts = ("v=DMARC1; p=reject", "v=DMARC1; p=none")
    world = FakeWorld({("_dmarc.example.com.", "TXT"): texts})
    assert (await discover("example.com", "example.com", world)).policy is None


@pytest.mark.parametrize(
    ("world", "author", "told"),
    [
        pytest.param(zone(example_com="v=DMARC1; p=reject"), "example.com", [], id="none"),
        pytest.param(
            zone(example_com="v=DMARC1; p=reject; t=y"), "example.com",
            ["they find policy reject instead of policy quarantine"], id="test mode",
        ),
        pytest.param(
            zone(example_com="v=DMARC1; p=reject; pct=20"), "example.com",
            ["they apply the policy to 20 % of the mail (pct)"], id="pct",
        ),
        pytest.param(
            zone(b_example_com="v=DMARC1; p=reject"), "a.b.example.com",
            [
                "relaxed alignment uses the organizational domain example.com, not b.example.com",
                "they query only the author domain and example.com, and find no record",
                "they find no policy instead of policy reject",
            ], id="a record between",
        ),
    ],
)  # fmt: skip
async def test_differences(world: FakeWorld, author: str, told: list[str]) -> None:
    new = await dmarc.discover(author, world)
    assert list(differences(new, await discover(author, "example.com", world))) == told
