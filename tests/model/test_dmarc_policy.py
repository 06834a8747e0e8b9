"""What a build asks receivers to do with forged mail."""

import pytest

from mailconf.model.dmarc_policy import asks_to_reject, dmarc_of
from mailconf.model.record import Record, Records


def published(*texts: str) -> Records:
    return Records(Record("_dmarc.a.example.", "TXT", text) for text in texts)


@pytest.mark.parametrize(
    ("text", "rejects"),
    [
        pytest.param("v=DMARC1; p=reject", True, id="reject"),
        pytest.param("v=DMARC1; p=quarantine", False, id="quarantine"),
        pytest.param("v=DMARC1; p=none; sp=reject", False, id="only below"),
        pytest.param("p=reject", False, id="no record"),
    ],
)
def test_policies(text: str, rejects: bool) -> None:
    assert asks_to_reject(published(text), "a.example") is rejects


def test_what_is_left_open_is_said() -> None:
    found = dmarc_of(published("v=spf1 -all", "v=DMARC1; p=reject; sp=none"), "a.example")
    assert found
    assert (found.p, found.sp, found.np) == ("reject", "none", "none")
    assert dmarc_of(published(), "a.example") is None
