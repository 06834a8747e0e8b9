"""A refused path becomes a finding at its place."""

from mailconf.engine.refused import refusal
from mailconf.formats.paths import PathRefusedError


def test_a_refused_path_is_told_with_what_was_found_and_expected() -> None:
    finding = refusal(PathRefusedError("../x", "a path with the segment '..'"), ("include", 0))
    assert finding.rule.code == "CFG061"
    assert finding.where == ("include", 0)
    assert finding.message.startswith("'../x' is a path with the segment '..'; expected a relative")
    assert finding.fix == "give a path below the folder"


def test_a_hostile_path_is_shown_in_one_line() -> None:
    finding = refusal(PathRefusedError("a\n::error\x1b[2J", "a path with a control character"))
    assert "\n" not in finding.message
    assert "\x1b" not in finding.message
