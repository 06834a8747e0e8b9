"""What is wrong, where, and by which rule."""

from mailconf.formats import FormatError


def test_an_error_names_position_and_rule() -> None:
    fault = FormatError("'x' is no number", 12, "RFC 8461 §3.1 sts-id")
    assert str(fault) == "at 12: 'x' is no number (RFC 8461 §3.1 sts-id)"
    assert (fault.position, fault.rule) == (12, "RFC 8461 §3.1 sts-id")
    assert isinstance(fault, ValueError)
