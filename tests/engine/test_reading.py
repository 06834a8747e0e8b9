"""What a plugin's code reads is found in the code."""

import pytest

from mailconf.engine.reading import levels, names_in, takes
from mailconf.engine.registry import builtin


@pytest.mark.parametrize(
    ("plugin", "found"),
    [
        pytest.param("firewall", {"hosts"}, id="hosts"),
        pytest.param("texts", {"domains"}, id="domains"),
        pytest.param("dkim", {"hosts", "domains"}, id="both"),
        pytest.param("zonefile", set(), id="the site only"),
    ],
)
def test_where_options_are_read(plugin: str, found: set[str]) -> None:
    assert levels(builtin()[plugin]) == found


@pytest.mark.parametrize(
    ("plugin", "key", "how"),
    [
        pytest.param("postfix", "smtpd_milters", "several", id="several"),
        pytest.param("postfix", "transport example.org", "one", id="by the first word"),
        pytest.param("postfix", "quota_polcy", None, id="misspelt"),
        pytest.param("firewall", "25", "several", id="every key"),
        pytest.param("spf", "anything", None, id="a plugin that reads no settings"),
        pytest.param("dovecot", "sieve_before", "one", id="one"),
    ],
)
def test_which_settings_are_taken(plugin: str, key: str, how: str | None) -> None:
    assert takes(builtin()[plugin], key) == how


def test_names_are_those_of_methods_and_inner_functions_too() -> None:
    assert {"for_host", "settings_of"} <= names_in("mailconf.plugins.postfix")
    assert names_in("no.such.package") == frozenset()
