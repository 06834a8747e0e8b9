"""Names in which nobody can write."""

import pytest

from mailconf.mailauth import dmarc, spf
from mailconf.plugins.silent_names import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import rendered

RECORDS = yielded(
    plugin.records, view(plugin, spec_of(), options={"names": ["www", "eu.shop.example.org"]})
)
WORLD = FakeWorld({(record.name, record.type): (record.value,) for record in RECORDS})


def test_every_name_has_the_whole_bundle() -> None:
    assert [(record.name, record.type, record.value) for record in RECORDS[:3]] == [
        ("www.example.org.", "MX", "0 ."),
        ("www.example.org.", "TXT", "v=spf1 -all"),
        ("_dmarc.www.example.org.", "TXT", "v=DMARC1; p=reject; adkim=s; aspf=s"),
    ]
    assert len(RECORDS) == 6


@pytest.mark.parametrize("name", ["www.example.org", "eu.shop.example.org"])
async def test_receivers_refuse_whoever_writes_in_its_name(name: str) -> None:
    judged = await spf.check_host("192.0.2.25", f"a@{name}", name, WORLD)
    found = await dmarc.discover(name, WORLD)
    assert (judged.result, found.policy) == ("fail", "reject")


def test_without_names_there_is_nothing() -> None:
    assert yielded(plugin.records, view(plugin, spec_of())) == []


def test_a_name_that_has_mail_is_told() -> None:
    site = rendered({"domains": {"example.org": {"silent_names": {"names": ["mail"]}}}})
    assert "CFG031" in site.codes("CFG")
