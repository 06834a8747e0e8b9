"""What a plugin's code reads is found in the code."""

import pytest

from mailconf.engine.reading import levels, names_in
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


def test_names_are_those_of_methods_and_inner_functions_too() -> None:
    assert {"for_host", "requests_on"} <= names_in("mailconf.plugins.postfix")
    assert names_in("no.such.package") == frozenset()
