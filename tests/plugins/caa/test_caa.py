"""Who may issue certificates for our hosts."""

from typing import Any

import pytest

from mailconf.model.record import Record
from mailconf.plugins.caa import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.record_kinds import meaning

ACCOUNT = "https://acme.example/acct/1"


@pytest.mark.parametrize(
    ("options", "values"),
    [
        pytest.param({}, [], id="anybody"),
        pytest.param(
            {"issuers": [{"domain": "ca.example"}]},
            ['0 issue "ca.example"', '0 issuewild ";"'],
            id="one authority",
        ),
        pytest.param(
            {
                "issuers": [
                    {"domain": "ca.example", "account": ACCOUNT, "methods": ["dns-01", "http-01"]}
                ],
                "iodef": "mailto:security@example.org",
            },
            [
                f'0 issue "ca.example; accounturi={ACCOUNT}; validationmethods=dns-01,http-01"',
                '0 issuewild ";"',
                '0 iodef "mailto:security@example.org"',
            ],
            id="one account, two ways",
        ),
    ],
)
def test_records(options: dict[str, Any], values: list[str]) -> None:
    records: list[Record] = yielded(plugin.records, view(plugin, spec_of(), options=options))
    assert [record.value for record in records] == values
    assert {(record.name, record.type) for record in records} <= {("mail.example.org.", "CAA")}


def test_two_spellings_are_one_record() -> None:
    name = "mail.example.org."
    assert meaning(name, "CAA", '0 issue "ca.example"') == meaning(
        name, "CAA", "0 ISSUE ca.example"
    )
