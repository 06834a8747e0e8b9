"""Limits by login: asked at the stage that the release counts at, on submission hosts alone."""

from typing import Any

import pytest
import yaml

from mailconf.engine.merge import overlay
from tests.plugins.rendering import fleet_on, on_target, options, rendered, settings

SERVICE = "check_policy_service { inet:127.0.0.1:8552, default_action=DUNNO,"
FILE = "etc/policyd-rate-limit.yaml"


def limited(**values: Any) -> dict[str, Any]:
    return options("rate_limits", per_login=[{"recipients": 100, "per": "1h"}], **values)


def test_every_login_has_a_limit() -> None:
    read = yaml.safe_load(rendered().text(FILE))
    assert read["limits"] == [[500, 3600], [2000, 86400]]


def test_without_a_limit_nobody_is_asked() -> None:
    site = rendered(options("rate_limits", per_login=[]))
    assert SERVICE not in site.text("etc/postfix/master.cf")
    assert "policyd-rate-limit.yaml" not in site.files("etc")


@pytest.mark.parametrize(
    ("target", "stage", "other"),
    [
        pytest.param(
            "debian-12", "smtpd_recipient_restrictions", "smtpd_data_restrictions", id="each RCPT"
        ),
        pytest.param(
            "debian-13", "smtpd_data_restrictions", "smtpd_recipient_restrictions", id="at DATA"
        ),
    ],
)
def test_recipients_are_counted_where_the_release_counts(
    target: str, stage: str, other: str
) -> None:
    daemon = rendered(overlay(limited(), on_target(target))).daemon("submissions")
    assert SERVICE in settings(daemon)[stage]
    assert SERVICE not in settings(daemon)[other]


def test_port_25_does_not_ask() -> None:
    site = rendered(limited())
    assert SERVICE not in site.main()["smtpd_recipient_restrictions"]


def test_only_submission_hosts_count() -> None:
    site = fleet_on("debian-12", limited())
    having = {
        host
        for host in ("mx1", "sub", "st1", "out", "bak", "app")
        if "policyd-rate-limit.yaml" in site.files("etc", host)
    }
    assert having == {"sub"}


def test_the_file_says_what_the_spec_says() -> None:
    exceptions = {"news@example.org": [], "alice@example.org": [{"recipients": 9, "per": "1d"}]}
    text = rendered(limited(exceptions=exceptions)).text(FILE)
    read = yaml.safe_load(text)
    assert read["limits"] == [[100, 3600]]
    assert read["limits_by_id"] == {"news@example.org": [], "alice@example.org": [[9, 86400]]}
    assert (read["limit_by_sasl"], read["limit_by_ip"], read["SOCKET"]) == (
        True,
        False,
        ["127.0.0.1", 8552],
    )


def test_no_exceptions_are_an_empty_map() -> None:
    assert yaml.safe_load(rendered(limited()).text(FILE))["limits_by_id"] == {}
