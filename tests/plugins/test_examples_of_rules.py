"""The documentation of a rule is true: its bad example is found, its good one is not."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from mailconf.engine.catalogue import all_rules, live_codes
from mailconf.engine.yaml_reader import read_tree
from mailconf.model.finding import Finding, Rule
from mailconf.model.spec import Spec
from mailconf.plugins.dovecot.passwords import PasswordReviewer
from mailconf.plugins.dovecot.review import Reviewer as DovecotReviewer
from mailconf.plugins.opendkim.review import Reviewer as OpendkimReviewer
from mailconf.plugins.postfix.review import Reviewer as PostfixReviewer
from mailconf.testing import spec_of
from tests.plugins.rendering import rendered

FAMILIES = (
    "PRT", "TLS", "PFX", "DVC", "HST", "MX0", "SRS", "SPF", "ADR006",
    "DMC", "RPT", "DNS004", "BIM", "DKM012", "DKM013", "DKM014", "DAN004",
)  # fmt: skip
# What only a server can show has no snippet; what a zone or a policy can show has one.
# An example of an alias that is too large is too large itself.
UNSHOWN = {"PFX027", "PFX029", *live_codes()}
RULES = [r for r in all_rules() if r.code.startswith(FAMILIES) and r.code not in UNSHOWN]
ILLUSTRATED = [rule for rule in RULES if rule.bad and rule.good]
# Rules about what an older release still allows.
SINCE = {"PFX004": "debian-13", "PFX005": "debian-forky"}
# A few lines of main.cf are no whole file, a spec by hand has no keys yet, and another store is not seen.
INCOMPLETE = {"PFX006", "PFX007", "PFX008", "DKM020", "ADR004", "RPT001", "PFX031"}


def host_on(target: str) -> Spec:
    host = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"], "target": target}
    return spec_of(hosts={"mail": host})


def in_main_cf(rule: Rule, text: str, _directory: Path) -> Iterable[Finding]:
    spec = host_on(SINCE.get(rule.code, "debian-12"))
    return PostfixReviewer(spec, spec.hosts["mail"]).main_cf(text)


def in_master_cf(rule: Rule, text: str, _directory: Path) -> Iterable[Finding]:
    spec = host_on(SINCE.get(rule.code, "debian-12"))
    return PostfixReviewer(spec, spec.hosts["mail"]).master_cf(text)


def in_dovecot_2_3(_rule: Rule, text: str, _directory: Path) -> Iterable[Finding]:
    return DovecotReviewer(host_on("debian-12").hosts["mail"]).dovecot_conf(text)


def in_dovecot_2_4(_rule: Rule, text: str, _directory: Path) -> Iterable[Finding]:
    return DovecotReviewer(host_on("debian-13").hosts["mail"]).dovecot_conf(text)


def in_spec(_rule: Rule, text: str, directory: Path) -> Iterable[Finding]:
    file = directory / "snippet.yaml"
    file.write_text(text)
    snippet, _ = read_tree(file)
    return rendered(snippet).build.findings


def in_opendkim_conf(_rule: Rule, text: str, _directory: Path) -> Iterable[Finding]:
    return OpendkimReviewer(host_on("debian-12").hosts["mail"]).opendkim_conf(text)


def in_passwords(_rule: Rule, text: str, _directory: Path) -> Iterable[Finding]:
    return PasswordReviewer(host_on("debian-12").hosts["mail"]).passwords(text)


READ: dict[str, Callable[[Rule, str, Path], Iterable[Finding]]] = {
    "main.cf": in_main_cf,
    "master.cf": in_master_cf,
    "dovecot-2.3": in_dovecot_2_3,
    "dovecot-2.4": in_dovecot_2_4,
    "passwords": in_passwords,
    "opendkim.conf": in_opendkim_conf,
    "yaml": in_spec,
}


def found(rule: Rule, text: str, directory: Path) -> set[str]:
    return {finding.rule.code for finding in READ[rule.language](rule, text, directory)}


def test_every_family_is_judged() -> None:
    assert [f for f in FAMILIES if not any(r.code.startswith(f) for r in RULES)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_shows_what_is_wrong_and_what_is_right(rule: Rule) -> None:
    assert (bool(rule.bad), bool(rule.good)) == (True, True)


@pytest.mark.parametrize("rule", ILLUSTRATED, ids=lambda rule: rule.code)
def test_the_bad_example_is_found(rule: Rule, tmp_path: Path) -> None:
    assert rule.code in found(rule, rule.bad, tmp_path)


@pytest.mark.parametrize("rule", ILLUSTRATED, ids=lambda rule: rule.code)
def test_the_good_example_has_no_fault(rule: Rule, tmp_path: Path) -> None:
    assert found(rule, rule.good, tmp_path) <= INCOMPLETE - {rule.code}


# Rules about records and signers that a spec or a rendered file can show.
SEEN_IN_FILES = "DKM012 DKM013 DKM014 DMC007 DMC008 DMC012 DMC016 DMC019 DMC024 MX005 MX006 MX007 MX008 MX009 MX010 MX020"


def test_records_are_judged_before_they_are_published() -> None:
    shown = [rule.code for rule in ILLUSTRATED if rule.code.startswith(("DKM", "DMC", "MX"))]
    assert shown == SEEN_IN_FILES.split()
