"""Rules become findings; what a server said cannot forge a line."""

from mailconf.model.finding import Rule, Severity
from mailconf.model.place import Place

RULE = Rule("XX001", "some-fault", Severity.WARNING, "got {got!r}, want {want}", "set it to {want}")


def test_facts_fill_message_and_fix() -> None:
    finding = RULE.at("a.example", ("domains", "a.example"), got="x", want=3)
    assert (finding.message, finding.fix) == ("got 'x', want 3", "set it to 3")


def test_control_characters_are_made_visible() -> None:
    finding = RULE.at("a.example", got="250 ok\r\n\x1b[31mfake", want="")
    assert "\n" not in finding.message
    assert "\x1b" not in finding.message
    assert "\\r\\n" in finding.message


def test_a_placed_finding_is_the_same_elsewhere() -> None:
    finding = RULE.at("a.example", got=1, want=2)
    assert finding.placed(Place("f", 1, 2)).message == finding.message


def test_severities_are_ordered() -> None:
    assert Severity.NOTICE < Severity.WARNING < Severity.ERROR
    assert str(Severity.ERROR) == "error"
