"""Former ids of checks still select them."""

from fnmatch import fnmatchcase

import pytest

from mailconf.engine.registry import builtin
from mailconf.engine.renamed_checks import FORMER, current
from mailconf.engine.selection import Selection

IDS = [
    "plan.removed-records",
    *(c.id for plugin in builtin().values() for c in (*plugin.checks, *plugin.plan_checks)),
]


@pytest.mark.parametrize(("old", "new"), sorted(FORMER.items()))
def test_a_former_id_selects_its_checks_and_nothing_else(old: str, new: str) -> None:
    assert old not in IDS
    meant = [check for check in IDS if fnmatchcase(check, new) or check.startswith(f"{new}.")]
    assert meant
    assert [check for check in IDS if Selection([old], (), IDS).takes_every(check)] == meant
    assert not any(Selection((), [old], IDS).has(check) for check in meant)


def test_other_patterns_stay() -> None:
    patterns = ["dns", "example.org", "trip.example.net", "mail*", "smtp.*"]
    assert list(current(patterns)) == patterns
