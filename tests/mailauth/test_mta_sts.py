"""MTA-STS as a sender applies it (RFC 8461), against public cases."""

from dataclasses import replace
from typing import Any

import pytest

from mailconf.formats.mta_sts import StsPolicy
from mailconf.mailauth.mta_sts import discover, discover_record, is_text, match
from mailconf.model.questions.pages import Page
from mailconf.model.questions.sessions import TlsFacts
from mailconf.testing import FakeWorld
from tests.conformance import documents, needs_data
from tests.mailauth.openspf import ZoneWorld

PUBLIC: dict[str, Any] = next(iter(documents("mta-sts/lookup-match.yml")), {})
LOOKUPS = PUBLIC.get("lookup", {"cases": []})


def world() -> ZoneWorld:
    """Return the zone data of the public cases as a world."""
    zone: dict[str, list[Any]] = {
        name: [{"TXT": text} for text in texts] for name, texts in LOOKUPS["txt"].items()
    }
    zone |= {name: [{"CNAME": target}] for name, target in LOOKUPS["cname"].items()}
    return ZoneWorld(zone | {name: ["TIMEOUT"] for name in LOOKUPS["servfail"]})


@needs_data
def test_the_public_cases_are_there() -> None:
    assert len(LOOKUPS["cases"]) > 5


@pytest.mark.parametrize("case", LOOKUPS["cases"], ids=lambda case: case["domain"])
async def test_public_lookups(case: dict[str, Any]) -> None:
    found = await discover_record(case["domain"], world())
    assert (found.record.id if found.record else None) == case["id"]
    assert found.reason == (case["error"] or "")


@needs_data
def test_public_matches() -> None:
    policy = StsPolicy.parse(PUBLIC["matching"]["policy"])
    assert [host for host in PUBLIC["matching"]["match"] if not match(host, policy)] == []
    assert [host for host in PUBLIC["matching"]["no_match"] if match(host, policy)] == []


@needs_data
def test_public_media_types() -> None:
    assert [text for text in PUBLIC["content_type"]["ok"] if not is_text(text)] == []
    assert [text for text in PUBLIC["content_type"]["bad"] if is_text(text)] == []


def test_names_match_in_any_case_and_with_a_final_dot() -> None:
    policy = StsPolicy("enforce", ("MX.example.org", "*.Example.net"), 86400)
    assert match("mx.EXAMPLE.org.", policy)
    assert match("a.example.NET.", policy)
    assert not match(".example.net", policy)


URL = "https://mta-sts.example.org/.well-known/mta-sts.txt"
POLICY = StsPolicy("enforce", ("mx.example.org",), 86400)
NOW = FakeWorld().now
TRUSTED = TlsFacts("TLSv1.3", "x", ("mta-sts.example.org",), "ca", NOW, NOW)
SERVED = Page(200, "text/plain", str(POLICY), TRUSTED)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param(SERVED, "", id="served"),
        pytest.param(replace(SERVED, status=302), "no-policy", id="redirect"),
        pytest.param(replace(SERVED, content_type="text/html"), "no-policy", id="no text"),
        pytest.param(replace(SERVED, body="<html>"), "no-policy", id="no policy"),
        pytest.param(
            replace(SERVED, tls=replace(TRUSTED, fault="expired")), "no-policy", id="not trusted"
        ),
    ],
)
async def test_policies(page: Page, reason: str) -> None:
    zones = {("_mta-sts.example.org.", "TXT"): ("v=STSv1; id=1;",)}
    found = await discover("example.org", FakeWorld(zones=zones, pages={URL: page}))
    assert found.reason == reason
    assert (found.policy == POLICY) == (not reason)


async def test_without_a_record_no_policy_is_fetched() -> None:
    found = await discover("example.org", FakeWorld(pages={URL: SERVED}))
    assert (found.policy, found.reason) == (None, "no-record")


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        pytest.param([" v=STSv1; id=1", "v=STSv1; id=2"], "", id="space before one"),
        pytest.param(["v=STSv1", "v=STSv1; id=2"], "", id="one without a semicolon"),
        pytest.param([" v=STSv1; id=1"], "no-record", id="that one alone"),
        pytest.param(["v=STSv1; id=1", "v=STSv1 ; id=2"], "multiple", id="two"),
    ],
)
async def test_other_records_do_not_count(texts: list[str], reason: str) -> None:
    """RFC 8461 §3.1: what does not begin with the version is discarded first."""
    world = FakeWorld({("_mta-sts.example.org.", "TXT"): tuple(texts)})
    assert (await discover_record("example.org", world)).reason == reason
