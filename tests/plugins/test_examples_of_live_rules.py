"""What rules about published records and policies show as wrong is found, and what as right is not."""

import base64
from importlib import import_module
from typing import Any

import dns.name
import dns.rdatatype
import dns.zone
import pytest

from mailconf.engine.catalogue import all_rules
from mailconf.engine.registry import builtin
from mailconf.model.finding import Rule
from mailconf.model.plugin import Plugin
from mailconf.model.questions.pages import Page
from mailconf.model.spec import Spec
from mailconf.plugins.mta_sts.record_checks import PUBLISHED as STS_CHECKS
from mailconf.plugins.mx_records.record_checks import UNKNOWN_SENDER
from mailconf.plugins.spf.rules import PARKED as PARKED_RULE
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import outcome, view, yielded

LIVE = [rule for rule in all_rules() if rule.language in ("zone", "mta-sts.txt")]
KEY = {"public_key": base64.b64encode(bytes(32)).decode(), "type": "ed25519", "state": "active"}
SPEC = spec_of(domains={"example.org": {}})
PARKED = spec_of(domains={"parked.example.org": {"mail": "none"}})
SENDER = spec_of(domains={"example.org": {"mail": "send-only", "mx": {"mail": 10}}})
SPECS = {PARKED_RULE.code: PARKED, UNKNOWN_SENDER.code: SENDER}
OPTIONS = {
    "dkim": {"selectors": {"s1": KEY}, "strict": True},
    "dmarc": {"policy": "none", "since": "2026-01-01"},
    "dane": {"keys": ["ab" * 32, "cd" * 32]},
}
POLICY = "https://mta-sts.example.org/.well-known/mta-sts.txt"


def world_of(text: str) -> FakeWorld:
    """Return the DNS that a snippet of a zone file makes."""
    zone = dns.zone.from_text(
        f"$ORIGIN example.org.\n$TTL 3600\n{text}\n",
        origin=".",
        relativize=False,
        check_origin=False,
    )
    zones: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, _, rdata in zone.iterate_rdatas():
        strings = getattr(rdata, "strings", None)
        value = b"".join(strings).decode() if strings else rdata.to_text().lower()
        key = (name.to_text().lower(), dns.rdatatype.to_text(rdata.rdtype))
        zones[key] = (*zones.get(key, ()), value)
    return FakeWorld(zones)


def world_with_policy(text: str) -> FakeWorld:
    zones = {("_mta-sts.example.org.", "TXT"): ("v=STSv1; id=1",)}
    return FakeWorld(zones, pages={POLICY: Page(200, "text/plain", text)})


async def found(rule: Rule, text: str) -> set[str]:
    """Return the codes of its own kind that the rule's plugin finds."""
    world = world_of(text) if rule.language == "zone" else world_with_policy(text)
    spec = SPECS.get(rule.code, SPEC)
    codes: set[str] = set()
    for plugin in builtin().values():
        published = {other.code for other in rules_of(plugin.name)}
        if rule.code in published:
            codes |= published & await findings(plugin, spec, world)
    return codes


async def findings(plugin: Plugin[Any], spec: Spec, world: FakeWorld) -> set[str]:
    """Return the codes of all checks of a plugin; a host that is silent shows nothing."""
    options = OPTIONS.get(plugin.name, {})
    records = tuple(yielded(plugin.records, view(plugin, spec, options=options)))
    seen = view(plugin, spec, options=options, records=records)
    codes: set[str] = set()
    for check in plugin.checks:
        for subject in check.subjects(seen):
            done = await outcome(check, seen, subject, world)
            codes |= {finding.rule.code for finding in done.findings}
    return codes


def rules_of(plugin: str) -> list[Rule]:
    """Return the rules of a plugin's module about what is published, if it has one."""
    module = getattr(import_module(f"mailconf.plugins.{plugin}"), "record_checks", None)
    return [value for value in vars(module).values() if isinstance(value, Rule)] if module else []


CODES = """
CAA002 DAN003 DAN005 DAN006 DKM001 DKM002 DKM007 DKM008 DKM009 DKM010 DKM011 DMC001 DMC002 DMC003 DMC004 DMC005 DMC006 DMC009
DMC010 DMC011 DMC013 DMC015 DMC020 DMC021 DMC022 DMC023 DNS001 DNS003 MX001 MX002 MX003 MX004 MX011 RPT002 SPF001 SPF002
SPF008 SPF009 SPF011 SPF012 SPF013 SPF014 SPF016 SPF017 SPF018 SPF019 SRV001 SRV002 SRV004 STS002 STS004 STS006
"""


def test_these_are_the_rules() -> None:
    assert [rule.code for rule in LIVE] == CODES.split()


def test_every_family_of_records_is_judged() -> None:
    families = {rule.code[:3] for rule in LIVE} | {rule.code[:2] for rule in LIVE}
    assert {"MX", "SPF", "DKM", "DMC", "STS", "RPT", "DAN", "SRV", "CAA"} <= families


@pytest.mark.parametrize("rule", LIVE, ids=lambda rule: rule.code)
async def test_the_bad_example_is_found(rule: Rule) -> None:
    assert rule.code in await found(rule, rule.bad)


# What a snippet of a few lines lacks besides.
INCOMPLETE = {"SPF001", "SPF018"}


@pytest.mark.parametrize("rule", LIVE, ids=lambda rule: rule.code)
async def test_the_good_example_has_no_fault(rule: Rule) -> None:
    assert await found(rule, rule.good) <= INCOMPLETE - {rule.code}


def test_the_checks_of_policies_are_there() -> None:
    assert {check.id for check in STS_CHECKS} == {
        "mta_sts.record", "mta_sts.policy", "mta_sts.mx-certificates",
    }  # fmt: skip
