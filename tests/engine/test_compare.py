"""Sets of records against answers; what is no longer wanted, and what is not ours."""

import pytest

from mailconf.engine.compare import compare, leftovers, record_sets, without
from mailconf.model.questions.dns import Answer
from mailconf.model.record import Record, RecordSet
from tests.record_kinds import record

NAME = "example.org."
MX1, MX2 = (Record(NAME, "MX", f"{n} mx{n}.example.org.") for n in (1, 2))
SPF = record(NAME, "TXT", "v=spf1 a -all")


def test_sets_are_of_one_name_and_type() -> None:
    assert record_sets([MX1, SPF, MX2]) == (
        RecordSet(NAME, "MX", (MX1, MX2)),
        RecordSet(NAME, "TXT", (SPF,)),
    )


@pytest.mark.parametrize(
    ("values", "missing", "rivals"),
    [
        pytest.param(["1 MX1.example.org.", "2 mx2.example.org."], (), (), id="the same"),
        pytest.param(["1 mx1.example.org."], (MX2,), (), id="one is missing"),
        pytest.param([], (MX1, MX2), (), id="all are missing"),
        pytest.param(
            ["1 mx1.example.org.", "2 mx2.example.org.", "9 old.example."],
            (),
            ("9 old.example.",),
            id="one too many",
        ),
    ],
)
def test_compare(values: list[str], missing: tuple[Record, ...], rivals: tuple[str, ...]) -> None:
    found = compare(RecordSet(NAME, "MX", (MX1, MX2)), Answer(tuple(values)))
    assert (found.missing, found.rivals, found.is_clean) == (
        missing,
        rivals,
        not (missing or rivals),
    )


def test_what_an_earlier_build_had_and_this_one_has_not() -> None:
    old = record("old._domainkey.example.org.", "TXT", "v=DKIM1; p=")
    assert without([old, MX1], [MX2, SPF]) == (RecordSet(old.name, "TXT", (old,)),)


def test_values_of_others_are_not_left_over() -> None:
    gone = RecordSet(NAME, "TXT", (SPF,))
    assert leftovers(gone, Answer(("v=spf1 +a -all", "site-verification=1"))) == ("v=spf1 +a -all",)


def test_a_text_that_means_nothing_to_mail_competes_with_none() -> None:
    ours = record(NAME, "TXT", "site-verification=1")
    found = compare(RecordSet(NAME, "TXT", (ours,)), Answer((ours.value, "other-verification=2")))
    assert found.is_clean
