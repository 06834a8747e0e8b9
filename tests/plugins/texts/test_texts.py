"""Texts of others, so that publishing tools keep them."""

import pytest
from pydantic import ValidationError

from mailconf.model.record_kind import RECORD_KINDS
from mailconf.plugins.texts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.record_kinds import KINDS

SITE = "google-site-verification=abc"


def test_each_text_is_a_record() -> None:
    records = yielded(plugin.records, view(plugin, spec_of(), options={"values": [SITE, "MS=ms1"]}))
    assert [(record.name, record.type, record.value, record.kind.name) for record in records] == [
        ("example.org.", "TXT", SITE, "txt"),
        ("example.org.", "TXT", "MS=ms1", "txt"),
    ]


@pytest.mark.parametrize("text", ["v=spf1 a -all", "v=DMARC1; p=none", "", "b\u00fccher"])
def test_policies_have_options_of_their_own(text: str) -> None:
    with pytest.raises(ValidationError):
        plugin.options.model_validate({"values": [text]}, context={RECORD_KINDS: KINDS})
