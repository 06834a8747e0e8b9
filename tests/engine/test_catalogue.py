"""Every rule is found and documented."""

from mailconf.engine.catalogue import all_rules, live_codes, markdown
from mailconf.plugins.smtp.rules import RELAY


def test_rules_are_found_in_order() -> None:
    rules = all_rules()
    assert RELAY in rules
    assert [rule.code for rule in rules] == sorted(rule.code for rule in rules)


def test_a_rule_is_a_section() -> None:
    text = markdown([RELAY])
    assert "## SMT009 smtp-open-relay" in text
    assert "RFC 5321 §3.6.2" in text


def test_live_rules_are_told_from_those_of_the_spec() -> None:
    live = live_codes()
    assert {"SMT009", "DNS010", "LAB013", "STS011", "IMP001"} <= live
    assert not {"CFG020", "DKM020", "ADR001", "HST001"} & live
