"""Attacks fail on every stack, and each succeeds as soon as its protection is taken out."""

import sys

import pytest

from tests.lab.attacking import NOTHING, TAKEN_OUT
from tests.lab.launching import LAUNCH, Run, all_at_once, needs_root, run

pytestmark = [pytest.mark.lab, needs_root]
Case = tuple[str, str, str]
WHOLE = [
    (NOTHING, signer, release)
    for signer in ("opendkim", "rspamd")
    for release in ("debian-12", "debian-13")
]
CODES = {
    "attack.malformed-from": {"LAB025"},
    "attack.from-of-another": {"LAB026"},
    "attack.program-sends-as": {"LAB027"},
    "attack.sieve-sends-as": {"LAB028"},
    "attack.replay": {"LAB029"},
}
# What is taken out, from which stack, and which attacks then succeed.
SUCCEED: dict[Case, set[str]] = {
    ("check of From", "opendkim", "debian-12"): {
        "attack.malformed-from",
        "attack.from-of-another",
        "attack.program-sends-as",
        "attack.sieve-sends-as",
    },
    ("check of From", "rspamd", "debian-13"): {
        "attack.malformed-from",
        "attack.from-of-another",
        "attack.program-sends-as",
        "attack.sieve-sends-as",
    },
    ("check of From, from outside alone", "opendkim", "debian-13"): {"attack.malformed-from"},
    ("check of the envelope of programs", "opendkim", "debian-12"): {"attack.program-sends-as"},
    ("oversigning by opendkim", "opendkim", "debian-12"): {"attack.replay"},
    ("oversigning by rspamd", "rspamd", "debian-13"): {"attack.replay"},
}


def attacked(case: Case) -> Run:
    return run(sys.executable, "-c", LAUNCH, "tests.lab.attacking", *case)


@pytest.fixture(scope="module")
def labs() -> dict[Case, Run]:
    return all_at_once(attacked, [*WHOLE, *SUCCEED])


@pytest.mark.parametrize("case", WHOLE, ids=" ".join)
def test_attacks_fail(case: Case, labs: dict[Case, Run]) -> None:
    assert labs[case].status == 0, labs[case].stderr
    seen = labs[case].report
    assert len(seen) >= 5
    assert {check: said for check, said in seen.items() if said["codes"] or said["unknown"]} == {}


@pytest.mark.parametrize("case", SUCCEED, ids=" ".join)
def test_an_attack_succeeds_without_its_protection(case: Case, labs: dict[Case, Run]) -> None:
    assert labs[case].status == 0, labs[case].stderr
    seen = labs[case].report
    found = {check: set(said["codes"]) for check, said in seen.items() if said["codes"]}
    assert found == {check: CODES[check] for check in SUCCEED[case]}


def test_every_protection_is_taken_out_once() -> None:
    assert {case[0] for case in SUCCEED} == set(TAKEN_OUT) - {NOTHING}
