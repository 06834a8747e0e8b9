"""The list of Postfix 3.5's parameters is a list of just these."""

import re

from mailconf.formats.postfix_names import OLD
from mailconf.formats.postfix_parameters import ADDED

NAMES = OLD.split()


def test_the_list_is_sorted_and_names_nothing_twice() -> None:
    assert sorted(set(NAMES)) == NAMES


def test_it_holds_parameter_names_only() -> None:
    assert [name for name in NAMES if not re.fullmatch(r"[A-Za-z0-9_]+", name)] == []
    assert {"myhostname", "smtpd_relay_restrictions", "virtual_uid_maps"} <= set(NAMES)


def test_what_came_later_is_not_in_it() -> None:
    later = {name for names in ADDED.values() for name in names.split()}
    assert later & set(NAMES) == set()
