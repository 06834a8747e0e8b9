"""Mail that no plugin checks."""

from typing import Any

import pytest

from tests.plugins.rendering import FLEET, options, rendered

OFF: dict[str, Any] = {"plugins": {"originators": "off"}}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        (options("dkim", signer="rspamd"), []),
        (OFF, ["PRT020"]),
        ({"plugins": {"opendmarc": "off"}}, ["PRT021"]),
        ({"plugins": {"dkim": "off"}}, ["PRT021"]),
        ({**OFF, "jobs": {"mta": "other"}}, []),
    ],
)
def test_a_host_whose_mail_nobody_checks_is_told(changes: dict[str, Any], codes: list[str]) -> None:
    assert rendered(changes).codes("PRT02") == codes


def test_each_host_of_a_fleet_has_its_checks() -> None:
    assert rendered(base=FLEET).codes("PRT02") == []
    told = rendered(OFF, FLEET).codes("PRT02")
    assert told == ["PRT020"] * 7  # every MTA; web has none
