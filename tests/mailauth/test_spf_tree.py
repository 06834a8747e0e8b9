"""All branches of an SPF record at once."""

import pytest

from mailconf.mailauth.spf_tree import analyse
from mailconf.model.world import Inconclusive
from mailconf.testing import FakeWorld

TXT, A, MX = "TXT", "A", "MX"
Zones = dict[tuple[str, str], tuple[str, ...]]


def world(**records: str) -> FakeWorld:
    """Return SPF records by name, where an underscore stands for a dot."""
    zones: Zones = {(f"{n.replace('_', '.')}.", TXT): (t,) for n, t in records.items()}
    zones[("mail.example.org.", A)] = ("192.0.2.1",)
    zones[("example.org.", MX)] = ("10 mail.example.org.",)
    return FakeWorld(zones=zones)


async def test_every_branch_counts_though_a_client_meets_one() -> None:
    tree = await analyse(
        "Example.org.",
        world(
            example_org="v=spf1 a:mail.example.org include:one.example mx exists:%{i}.x.example ~all",
            one_example="v=spf1 ip4:192.0.2.0/24 include:two.example -all",
            two_example="v=spf1 ptr redirect=three.example",
            three_example="v=spf1 -all",
        ),
    )
    assert tree.lookups == 7
    assert not tree.is_over_limit
    assert str(tree) == (
        "example.org (7)\n"
        "  a:mail.example.org\n"
        "  include:one.example (4)\n"
        "    include:two.example (3)\n"
        "      ptr\n"
        "      redirect=three.example\n"
        "  mx\n"
        "  exists:%{i}.x.example"
    )


async def test_what_follows_all_is_never_reached() -> None:
    text = "v=spf1 -all include:one.example"
    assert (await analyse("example.org", world(example_org=text))).lookups == 0


@pytest.mark.parametrize(
    ("records", "problem", "why"),
    [
        pytest.param({}, "no-record", "one.example has no SPF record", id="no record"),
        pytest.param(
            {"one_example": "v=spf1 include:example.org"},
            "loop",
            "example.org includes itself",
            id="loop",
        ),
        pytest.param(
            {"one_example": "v=spf1 ip:1.2.3.4"},
            "syntax",
            "at 7: unknown term 'ip:1.2.3.4' (RFC 7208 §12 mechanism)",
            id="syntax",
        ),
        pytest.param(
            {"one_example": "v=spf1 a:gone.example -all"},
            "void",
            "gone.example has no address",
            id="void",
        ),
        pytest.param(
            {"one_example": "v=spf1 mx:gone.example -all"},
            "void",
            "gone.example has no MX",
            id="no MX",
        ),
    ],
)
async def test_problems(records: dict[str, str], problem: str, why: str) -> None:
    tree = await analyse("example.org", world(example_org="v=spf1 include:one.example", **records))
    assert [(b.problem, b.why) for b in tree.walk() if b.problem] == [(problem, why)]


async def test_ten_terms_are_within_the_limit_and_eleven_are_not() -> None:
    for count, over in ((10, False), (11, True)):
        text = "v=spf1 " + " ".join(["a:mail.example.org"] * count) + " -all"
        assert (await analyse("example.org", world(example_org=text))).is_over_limit == over


async def test_three_names_that_are_not_there_are_over_the_limit() -> None:
    text = "v=spf1 a:a.example a:b.example a:c.example -all"
    assert (await analyse("example.org", world(example_org=text))).is_over_limit


async def test_silence_is_not_taken_for_an_answer() -> None:
    with pytest.raises(Inconclusive):
        await analyse("example.org", FakeWorld(silent=frozenset({"example.org."})))
