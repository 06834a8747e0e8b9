"""A setting is a plain value; many are found by host and key."""

from mailconf.model.setting import Setting, Settings


def test_equal_wishes_are_equal() -> None:
    assert Setting("a", "h", "k", "v", "s") == Setting("a", "h", "k", "v", "s", rank=None)


def test_settings_are_found_in_order_by_host_key_and_first_word() -> None:
    asked = [("a", "key one", "1"), ("b", "key two", "2"), ("a", "run", "3"), ("b", "run", "4")]
    settings = Settings(Setting("to", host, key, value, "from") for host, key, value in asked)
    assert settings.asked("run") == ("3", "4")
    assert settings.of("b").asked("run") == ("4",)
    assert settings.asked_of("key") == (("one", "1"), ("two", "2"))
    assert (settings.of("c"), settings.asked("walk"), settings.asked_of("walk")) == ((), (), ())
