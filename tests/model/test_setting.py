"""A setting is a plain value."""

from mailconf.model.setting import Setting


def test_equal_wishes_are_equal() -> None:
    assert Setting("a", "h", "k", "v", "s") == Setting("a", "h", "k", "v", "s", rank=None)
