"""The tree walk (RFC 9989 §4.10): which names are asked, and where an organization ends."""

import pytest

from mailconf.mailauth.treewalk import walk
from mailconf.model.world import Inconclusive
from mailconf.testing import FakeWorld

POLICY = "v=DMARC1; p=none"


def zone(**records: str) -> FakeWorld:
    """Return a world with DMARC records by domain; an underscore stands for a dot."""
    names = {name.replace("_", "."): text for name, text in records.items()}
    return FakeWorld(zones={(f"_dmarc.{name}.", "TXT"): (text,) for name, text in names.items()})


@pytest.mark.parametrize(
    ("domain", "asked"),
    [
        ("com", ["com"]),
        ("example.com", ["example.com", "com"]),
        ("a.mail.example.com", ["a.mail.example.com", "mail.example.com", "example.com", "com"]),
        (
            "1.2.3.4.5.6.7.com",
            [
                *("1.2.3.4.5.6.7.com", "2.3.4.5.6.7.com", "3.4.5.6.7.com", "4.5.6.7.com"),
                *("5.6.7.com", "6.7.com", "7.com", "com"),
            ],
        ),
        (
            "a.b.c.d.e.f.g.h.i.j.mail.example.com",
            [
                *("a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com"),
                *("h.i.j.mail.example.com", "i.j.mail.example.com", "j.mail.example.com"),
                *("mail.example.com", "example.com", "com"),
            ],
        ),
    ],
)
async def test_eight_names_at_most_are_asked_in_order(domain: str, asked: list[str]) -> None:
    seen = await walk(domain, FakeWorld())
    assert list(seen.queried) == [f"_dmarc.{name}" for name in asked]
    assert seen.organizational_domain == domain


@pytest.mark.parametrize("psd", ["y", "n"])
async def test_a_record_that_names_the_border_ends_the_walk(psd: str) -> None:
    seen = await walk("a.b.example.com", zone(example_com=f"{POLICY}; psd={psd}", com=POLICY))
    assert seen.queried[-1] == "_dmarc.example.com"


@pytest.mark.parametrize(
    ("records", "domain", "organization"),
    [
        pytest.param({}, "a.example.com", "a.example.com", id="no record at all"),
        pytest.param({"example_com": POLICY}, "a.example.com", "example.com", id="one above"),
        pytest.param(
            {"a_example_com": POLICY, "example_com": POLICY},
            "a.example.com",
            "example.com",
            id="fewest labels",
        ),
        pytest.param(
            {"b_example_com": f"{POLICY}; psd=n", "example_com": POLICY},
            "a.b.example.com",
            "b.example.com",
            id="psd=n",
        ),
        pytest.param(
            {"com": f"{POLICY}; psd=y"}, "a.b.example.com", "example.com", id="below psd=y"
        ),
        pytest.param({"com": f"{POLICY}; psd=y"}, "com", "com", id="mail of the suffix itself"),
        pytest.param(
            {"b_example_com": "v=DMARC1; psd=n", "example_com": POLICY},
            "a.b.example.com",
            "b.example.com",
            id="a border without a policy",
        ),
        pytest.param(
            {"example_com": "v=spf1 -all"}, "a.example.com", "a.example.com", id="another record"
        ),
    ],
)
async def test_organizations(records: dict[str, str], domain: str, organization: str) -> None:
    assert (await walk(domain, zone(**records))).organizational_domain == organization


async def test_two_records_are_none() -> None:
    world = FakeWorld(
        zones={
            ("_dmarc.a.example.com.", "TXT"): (POLICY, "v=DMARC1; p=reject"),
            ("_dmarc.example.com.", "TXT"): (POLICY, "some other text"),
        }
    )
    seen = await walk("a.example.com", world)
    assert [found.domain for found in seen.found] == ["example.com"]


async def test_silence_is_not_taken_for_an_answer() -> None:
    with pytest.raises(Inconclusive):
        await walk("a.example.com", FakeWorld(silent=frozenset({"_dmarc.example.com."})))
