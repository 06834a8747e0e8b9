"""Programs read every record with its logical value."""

import json

from mailconf.model.records_document import RecordsDocument
from mailconf.plugins.records_json import plugin
from tests.plugins.publishing import RECORDS, published

TEXT = published(plugin)["records.json"]


def test_every_record_is_there_reverse_names_too() -> None:
    assert RecordsDocument.parse(TEXT).records == RECORDS


def test_it_says_what_it_is() -> None:
    body = json.loads(TEXT)
    assert body["schema"] == "mailconf.records/1"
    assert {"spf", "dkim", "dmarc", "mx", "tlsa"} <= {each["kind"] for each in body["records"]}


def test_it_can_be_left_out() -> None:
    assert published(plugin, enabled=False) == {}
