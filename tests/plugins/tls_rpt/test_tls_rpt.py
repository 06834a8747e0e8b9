"""Where reports on TLS failures go."""

from typing import Any

import pytest
from pydantic import ValidationError

from mailconf.model.record import Record
from mailconf.plugins.tls_rpt import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import rendered
from tests.record_kinds import meaning

BOTH = {"reports": ["mailto:tls@example.org", "https://reports.example/tls"]}


@pytest.mark.parametrize(
    ("options", "domain", "values"),
    [
        pytest.param({}, {}, [], id="nobody to report to"),
        pytest.param(
            BOTH,
            {},
            ["v=TLSRPTv1; rua=mailto:tls@example.org,https://reports.example/tls"] * 2,
            id="two addresses, at the MX host too",
        ),
        pytest.param(
            BOTH,
            {"provider": "google-workspace"},
            ["v=TLSRPTv1; rua=mailto:tls@example.org,https://reports.example/tls"],
            id="mail with a provider",
        ),
        pytest.param(BOTH, {"mail": "none"}, [], id="no mail"),
        pytest.param(BOTH, {"mail": "send-only"}, [], id="nothing arrives"),
    ],
)
def test_records(options: dict[str, Any], domain: dict[str, Any], values: list[str]) -> None:
    records: list[Record] = yielded(
        plugin.records, view(plugin, spec_of(domains={"a.example": domain}), options=options)
    )
    assert [record.value for record in records] == values
    assert {record.name for record in records} <= {
        "_smtp._tls.a.example.",
        "_smtp._tls.mail.example.org.",
    }


@pytest.mark.parametrize("uri", ["tls@example.org", "http://reports.example/", "mailto:a@b,c@d"])
def test_reports_go_by_mail_or_https(uri: str) -> None:
    with pytest.raises(ValidationError):
        plugin.options.model_validate({"reports": [uri]})


def test_two_spellings_are_one_record() -> None:
    name = "_smtp._tls.a.example."
    one, other = "v=TLSRPTv1; rua=mailto:a@b.example", "v=TLSRPTv1;rua=mailto:a@b.example;"
    assert meaning(name, "TXT", one) == meaning(name, "TXT", other)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param({}, [], id="senders may do as they like"),
        pytest.param({"plugins": {"mta_sts": {"mode": "enforce"}}}, ["RPT001"], id="MTA-STS"),
        pytest.param({"hosts": {"mail": {"dane": {"keys": ["1" * 64]}}}}, ["RPT001"], id="DANE"),
        pytest.param(
            {
                "plugins": {
                    "mta_sts": {"mode": "enforce"},
                    "tls_rpt": {"reports": ["mailto:a@b.example"]},
                }
            },
            [],
            id="reports are asked for",
        ),
    ],
)
def test_what_senders_insist_on_is_reported(changes: dict[str, Any], found: list[str]) -> None:
    assert rendered(changes).codes("RPT") == found
