"""DMARC as a receiver applies it (RFC 9989)."""

from typing import Any

import pytest

from mailconf.mailauth.dmarc import Discovery, discover, evaluate, may_report_to
from mailconf.testing import FakeWorld


def zone(records: dict[str, str], exist: tuple[str, ...] = ()) -> FakeWorld:
    """Return a world with DMARC records by domain, and names that exist."""
    zones = {(f"_dmarc.{name}.", "TXT"): (text,) for name, text in records.items()}
    return FakeWorld(zones=zones | {(f"{name}.", "A"): ("192.0.2.1",) for name in exist})


@pytest.mark.parametrize(
    ("records", "author", "domain", "policy", "effective"),
    [
        pytest.param({}, "example.com", None, None, None, id="nothing published"),
        pytest.param(
            {"example.com": "v=DMARC1; p=reject"},
            "example.com", "example.com", "reject", "reject", id="the author's own",
        ),
        pytest.param(
            {"example.com": "v=DMARC1; p=reject; sp=quarantine"},
            "EXAMPLE.com.", "example.com", "reject", "reject", id="sp is for others",
        ),
        pytest.param(
            {"example.com": "v=DMARC1; p=reject; sp=quarantine; np=none"},
            "real.example.com", "example.com", "quarantine", "quarantine", id="sp",
        ),
        pytest.param(
            {"example.com": "v=DMARC1; p=none; sp=quarantine; np=reject"},
            "no.example.com", "example.com", "reject", "reject", id="np",
        ),
        pytest.param(
            {"example.com": "v=DMARC1; p=none; sp=quarantine"},
            "no.example.com", "example.com", "quarantine", "quarantine", id="np falls back to sp",
        ),
        pytest.param(
            {"example.com": "v=DMARC1; p=quarantine"},
            "real.example.com", "example.com", "quarantine", "quarantine", id="sp falls back to p",
        ),
        pytest.param(
            {"example.com": "v=DMARC1; p=reject; t=y"},
            "example.com", "example.com", "reject", "quarantine", id="test mode",
        ),
        pytest.param(
            {"example.com": "v=DMARC1; p=quarantine; t=y"},
            "example.com", "example.com", "quarantine", "none", id="test mode of quarantine",
        ),
        pytest.param(
            {"real.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=reject"},
            "real.example.com", "real.example.com", "none", "none", id="the author's before the organization's",
        ),
        pytest.param(
            {"b.example.com": "v=DMARC1; p=none", "example.com": "v=DMARC1; p=reject"},
            "a.b.example.com", "example.com", "reject", "reject", id="nothing between them counts",
        ),
        pytest.param(
            {"com": "v=DMARC1; p=reject; sp=quarantine; psd=y"},
            "real.example.com", "com", "quarantine", "quarantine", id="the suffix's, last",
        ),
        pytest.param(
            {"example.com": "v=DMARC1; p=hard"},
            "example.com", "example.com", None, None, id="a policy that is none",
        ),
        pytest.param(
            {"example.com": "v=DMARC1; p=hard; rua=mailto:d@example.com"},
            "example.com", "example.com", "none", "none", id="a policy that is none, with reports",
        ),
    ],
)  # fmt: skip
async def test_policies(
    records: dict[str, str], author: str, domain: Any, policy: Any, effective: Any
) -> None:
    found = await discover(author, zone(records, exist=("real.example.com",)))
    assert (found.policy_domain, found.policy, found.effective_policy) == (
        domain,
        policy,
        effective,
    )


async def test_a_discovery_tells_where_it_looked() -> None:
    found = await discover("a.example.com", zone({}))
    asked = ("_dmarc.a.example.com", "_dmarc.example.com", "_dmarc.com")
    assert found == Discovery("a.example.com", "a.example.com", queried=asked)


RELAXED, STRICT = "v=DMARC1; p=reject", "v=DMARC1; p=reject; adkim=s; aspf=s"


@pytest.mark.parametrize(
    ("record", "spf", "dkim", "result"),
    [
        pytest.param(RELAXED, ["example.com"], [], "pass", id="SPF of the same domain"),
        pytest.param(RELAXED, ["bounce.example.com"], [], "pass", id="SPF below"),
        pytest.param(STRICT, ["bounce.example.com"], [], "fail", id="SPF below, strictly"),
        pytest.param(RELAXED, [], ["mail.example.com"], "pass", id="DKIM below"),
        pytest.param(STRICT, [], ["mail.example.com"], "fail", id="DKIM below, strictly"),
        pytest.param(RELAXED, ["other.org"], ["list.example"], "fail", id="of others"),
        pytest.param(
            RELAXED, ["other.org"], ["list.example", "example.com"], "pass", id="one of two"
        ),
        pytest.param(RELAXED, [], [], "fail", id="nothing passed"),
    ],
)
async def test_verdicts(record: str, spf: list[str], dkim: list[str], result: str) -> None:
    found = await evaluate("example.com", zone({"example.com": record}), spf, dkim)
    assert found.result == result
    assert found.disposition == ("none" if result == "pass" else "reject")


async def test_without_a_policy_there_is_no_verdict() -> None:
    found = await evaluate("example.com", zone({}), spf=["example.com"])
    assert (found.result, found.why) == ("none", "no policy is published")


async def test_silence_is_a_temporary_error() -> None:
    world = FakeWorld(silent=frozenset({"_dmarc.example.com."}))
    assert (await evaluate("example.com", world)).result == "temperror"


async def test_a_verdict_says_why() -> None:
    world = zone({"example.com": RELAXED, "list.example": "v=DMARC1; p=none"})
    found = await evaluate("example.com", world, dkim=["mail.list.example"])
    assert found.why == "dkim: mail.list.example belongs to list.example, not to example.com"


@pytest.mark.parametrize(
    ("records", "address", "allowed"),
    [
        pytest.param({"example.com": RELAXED}, "reports.example.com", True, id="our own"),
        pytest.param({"example.com": RELAXED}, "collector.example", False, id="another's"),
        pytest.param(
            {"example.com": RELAXED, "collector.example": RELAXED},
            "collector.example",
            False,
            id="another's with a policy",
        ),
    ],
)
async def test_reports_go_to_whom_may_have_them(
    records: dict[str, str], address: str, allowed: bool
) -> None:
    assert await may_report_to("example.com", address, zone(records)) == allowed


async def test_another_domain_may_agree_to_get_reports() -> None:
    name = ("example.com._report._dmarc.collector.example.", "TXT")
    world = FakeWorld(zones={name: ("v=DMARC1;",)})
    assert await may_report_to("example.com", "collector.example", world)


@pytest.mark.parametrize(
    ("spf", "silent", "result"),
    [
        pytest.param(["example.com"], ["_dmarc.other.org."], "pass", id="another identifier"),
        pytest.param(["m.example.com"], ["_dmarc.com."], "pass", id="the rest of the walk"),
        pytest.param([], ["_dmarc.other.org."], "temperror", id="it may have aligned"),
        pytest.param(["x.m.example.com"], ["_dmarc.com."], "temperror", id="where it belongs"),
    ],
)
async def test_one_identifier_that_aligns_is_enough(
    spf: list[str], silent: list[str], result: str
) -> None:
    """§5.3: what DNS does not say about the others changes nothing."""
    author = "m.example.com" if any("m.example" in name for name in spf) else "example.com"
    zones = {(f"_dmarc.{author}.", "TXT"): ("v=DMARC1; p=reject",)}
    world = FakeWorld(zones, silent=frozenset(silent))
    assert (await evaluate(author, world, spf=spf, dkim=["other.org"])).result == result


async def test_a_pass_does_not_wait_for_what_a_failure_would_cost() -> None:
    records = {"example.com": "v=DMARC1; p=none; np=reject"}
    world = FakeWorld(zone(records).zones, silent=frozenset({"no.example.com."}))
    found = await evaluate("no.example.com", world, dkim=["example.com"])
    assert (found.result, found.discovery and found.discovery.policy) == ("pass", None)


@pytest.mark.parametrize(
    ("author", "identifier"),
    [("bücher.example", "xn--bcher-kva.example"), ("xn--bcher-kva.example", "BÜCHER.example.")],
)
async def test_names_in_any_script(author: str, identifier: str) -> None:
    """§5.3.1: U-labels are compared as A-labels."""
    world = zone({"xn--bcher-kva.example": "v=DMARC1; p=reject"})
    assert (await evaluate(author, world, dkim=[identifier])).result == "pass"


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        pytest.param("v=DMARC1", True, id="no more than that"),
        pytest.param("v=DMARC1; rua=mailto:other@reports.example", True, id="another mailbox"),
        pytest.param("v=DMARC1; rua=mailto:x@evil.example", False, id="another host"),
        pytest.param("v=DMARC1; bogus", False, id="no record"),
    ],
)
async def test_what_a_reporter_reads(text: str, agreed: bool) -> None:
    """RFC 9990 §4 steps 6 and 9."""
    name = "example.com._report._dmarc.reports.example."
    world = FakeWorld({(name, "TXT"): (text,)})
    assert await may_report_to("example.com.", "reports.example.", world) is agreed
