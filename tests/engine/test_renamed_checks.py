"""Former ids of checks still select them."""

from fnmatch import fnmatchcase

import pytest

from mailconf.engine.registry import builtin
from mailconf.engine.renamed_checks import current, former_ids
from mailconf.engine.selection import Selection

IDS = [check.id for plugin in builtin().values() for check in plugin.checks]
FORMER = former_ids(builtin().values())


@pytest.mark.parametrize(("old", "new"), sorted(FORMER.items()))
def test_a_former_id_selects_its_checks_and_nothing_else(old: str, new: str) -> None:
    assert old not in IDS
    meant = [check for check in IDS if fnmatchcase(check, new) or check.startswith(f"{new}.")]
    assert meant
    assert [one for one in IDS if Selection([old], (), IDS, FORMER).takes_every(one)] == meant
    assert not any(Selection((), [old], IDS, FORMER).has(check) for check in meant)


def test_a_family_that_has_another_name_is_known_by_its_former_one() -> None:
    assert FORMER["trip"] == "delivery"
    assert FORMER["trip.*"] == "delivery.*"
    assert "login" not in FORMER


def test_other_patterns_stay() -> None:
    patterns = ["dns", "example.org", "trip.example.net", "mail*", "smtp.*"]
    assert list(current(patterns, FORMER)) == patterns
