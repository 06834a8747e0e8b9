"""A logo, and what mailboxes want before they show it."""

from typing import Any

import pytest
from pydantic import ValidationError

from mailconf.plugins.bimi import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import rendered

LOGO = {"logo": "https://example.org/logo.svg"}
BOTH = {**LOGO, "evidence": "https://example.org/vmc.pem"}


@pytest.mark.parametrize(
    ("options", "domain", "values"),
    [
        pytest.param({}, {}, [], id="no logo"),
        pytest.param(LOGO, {}, ["v=BIMI1; l=https://example.org/logo.svg"], id="a logo"),
        pytest.param(
            BOTH,
            {},
            ["v=BIMI1; l=https://example.org/logo.svg; a=https://example.org/vmc.pem"],
            id="with evidence",
        ),
        pytest.param(LOGO, {"mail": "none"}, [], id="no mail to show it beside"),
    ],
)
def test_records(options: dict[str, Any], domain: dict[str, Any], values: list[str]) -> None:
    seen = view(plugin, spec_of(domains={"example.org": domain}), options=options)
    records = yielded(plugin.records, seen)
    assert [record.value for record in records] == values
    assert {record.name for record in records} <= {"default._bimi.example.org."}


@pytest.mark.parametrize(
    ("bimi", "dmarc", "count"),
    [
        pytest.param({}, {"policy": "none"}, 0, id="no logo"),
        pytest.param(BOTH, {}, 0, id="all is there"),
        pytest.param(BOTH, {"policy": "quarantine"}, 0, id="quarantine is enough"),
        pytest.param(BOTH, {"policy": "none"}, 1, id="policy none"),
        pytest.param(BOTH, {"subdomain_policy": "none"}, 1, id="none below"),
        pytest.param(LOGO, {}, 1, id="no evidence"),
    ],
)
def test_what_keeps_a_logo_from_being_shown(
    bimi: dict[str, Any], dmarc: dict[str, Any], count: int
) -> None:
    site = rendered({"domains": {"example.org": {"bimi": bimi, "dmarc": dmarc}}})
    assert site.codes("BIM") == ["BIM001"] * count


@pytest.mark.parametrize("uri", ["http://example.org/l.svg", "https://example.org/a;b", "logo.svg"])
def test_a_logo_is_fetched_over_https(uri: str) -> None:
    with pytest.raises(ValidationError):
        plugin.options.model_validate({"logo": uri})
