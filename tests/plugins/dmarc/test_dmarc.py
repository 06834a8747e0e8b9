"""DMARC policies and report addresses."""

from typing import Any

import pytest

from mailconf.plugins.dmarc import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view, yielded


@pytest.mark.parametrize(
    ("domain", "options", "value"),
    [
        pytest.param({}, {}, "v=DMARC1; p=reject", id="default"),
        pytest.param(
            {},
            {"policy": "quarantine", "alignment": "strict", "reports": ["mailto:d@a.example"]},
            "v=DMARC1; p=quarantine; adkim=s; aspf=s; rua=mailto:d@a.example",
            id="everything",
        ),
        pytest.param(
            {"mail": "none"},
            {"policy": "none"},
            "v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s",
            id="parked",
        ),
    ],
)
def test_records(domain: dict[str, Any], options: dict[str, Any], value: str) -> None:
    seen = view(plugin, spec_of(domains={"a.example": domain}), options=options)
    (record,) = yielded(plugin.records, seen)
    assert (record.name, record.value) == ("_dmarc.a.example.", value)


@pytest.mark.parametrize(
    ("report", "found"),
    [
        ("mailto:dmarc@a.example", []),
        ("dmarc@a.example", ["DMC012"]),
        ("mailto:a@b.example,mailto:c@d.example", ["DMC012"]),
        ("mailto:dmarc@a.example!10m", ["DMC012"]),
        ("https://a.example/dmarc", ["DMC012"]),
    ],
)
def test_report_addresses(report: str, found: list[str]) -> None:
    seen = view(plugin, spec_of(), options={"reports": [report]})
    assert codes(yielded(plugin.lint, seen)) == found


TWO = {"a.example": {}, "b.example": {"mail": "none"}}


@pytest.mark.parametrize(
    ("address", "names"),
    [
        pytest.param("d@a.example", set(), id="the domain itself"),
        pytest.param("d@reports.a.example", set(), id="below it"),
        pytest.param("d@b.example", {"a.example._report._dmarc.b.example."}, id="our other one"),
        pytest.param("d@collector.example", set(), id="not ours to publish for"),
    ],
)
def test_our_own_domains_agree_to_get_reports(address: str, names: set[str]) -> None:
    seen = view(plugin, spec_of(domains=TWO), options={"reports": [f"mailto:{address}"]})
    records = [r for r in yielded(plugin.records, seen) if "_report" in r.name]
    assert {record.name for record in records} == names
    assert {record.value for record in records} <= {"v=DMARC1;"}


@pytest.mark.parametrize(
    ("published", "found"),
    [
        pytest.param({}, ["DMC014"], id="nothing"),
        pytest.param({"a.example._report._dmarc.c.example.": "v=DMARC1;"}, [], id="agreed"),
        pytest.param({"*._report._dmarc.c.example.": "v=DMARC1"}, ["DMC014"], id="another name"),
    ],
)
async def test_others_have_to_agree(published: dict[str, str], found: list[str]) -> None:
    seen = view(
        plugin, spec_of(domains={"a.example": {}}), options={"reports": ["mailto:d@c.example"]}
    )
    world = FakeWorld(zones={(name, "TXT"): (text,) for name, text in published.items()})
    check = check_of(plugin, "dmarc.report-authorization")
    (domain,) = check.subjects(seen)
    done = await outcome(check, seen, domain, world)
    assert codes(done.findings) == found


def test_reports_that_stay_at_home_need_no_asking() -> None:
    options = {"reports": ["mailto:d@reports.a.example"]}
    seen = view(plugin, spec_of(domains={"a.example": {}}), options=options)
    assert list(check_of(plugin, "dmarc.report-authorization").subjects(seen)) == []


@pytest.mark.parametrize(
    ("policy", "domain", "told"),
    [
        ("quarantine", {"aliases": {"old": "x@e.example"}}, "old@b.example forwards it to x@e"),
        ("none", {"catch_all": "x@e.example"}, "@b.example forwards it to x@e.example"),
        ("reject", {"aliases": {"old": "x@e.example"}}, ""),
        ("quarantine", {"aliases": {"old": "x@a.example"}}, ""),
        ("quarantine", {"aliases": {"old": "root@mail.example.org"}}, ""),
        ("quarantine", {"aliases": {"old": "new", "new": "x"}, "mailboxes": {"x": {}}}, ""),
    ],
)
def test_an_alias_that_leaves_the_site_lets_forgeries_pass(
    policy: str, domain: dict[str, Any], told: str
) -> None:
    """The sender may be of the domain itself, so that a host here sends it on in its name."""
    dmarc = {"policy": policy, "nonexistent_policy": "reject", "reports": ["mailto:x@a.example"]}
    seen = view(plugin, spec_of(domains={"a.example": {}, "b.example": domain}), options=dmarc)
    found = list(yielded(plugin.lint, seen))
    assert codes(found) == (["DMC024", "DMC024"] if told else [])
    assert all(told in finding.message for finding in found)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"policy": "reject"}, []),
        ({"policy": "none", "subdomain_policy": "reject"}, ["DMC016"]),
        ({"policy": "reject", "subdomain_policy": "quarantine"}, ["DMC007", "DMC008"]),
        ({"policy": "none", "reports": ["mailto:a@example.org"]}, []),
        ({"alignment": "strict"}, []),
        ({"policy": "quarantine", "nonexistent_policy": "none"}, ["DMC007"]),
    ],
)
def test_names_below_are_no_way_in(options: dict[str, Any], found: list[str]) -> None:
    seen = view(plugin, spec_of(domains={"a.example": {}}), options=options)
    assert codes(yielded(plugin.lint, seen)) == found


@pytest.mark.parametrize(
    ("options", "found"),
    [
        pytest.param({"since": "2026-08-01"}, ["DMC006"], id="observes for months"),
        pytest.param({"since": "2026-08-01", "observe_for": "365d"}, [], id="as long as it wants"),
        pytest.param({"since": "2026-11-01"}, [], id="has just begun"),
        pytest.param({}, [], id="nobody says since when"),
    ],
)
async def test_a_policy_of_none_is_a_beginning(options: dict[str, str], found: list[str]) -> None:
    spec = spec_of(domains={"a.example": {}})
    seen = view(plugin, spec, options={"policy": "none", **options})
    world = FakeWorld(zones={("_dmarc.a.example.", "TXT"): ("v=DMARC1; p=none",)})
    check = check_of(plugin, "dmarc.record")
    (domain,) = check.subjects(seen)
    assert codes((await outcome(check, seen, domain, world)).findings) == found
